// The page: what is seen and touched. Where a session goes is the interpreter's (session.js).

/**
 * @typedef {{script: string, title: string, digest: string, seed: number, started: string, ended: string | null,
 *   finished: boolean, planned?: object, segments: object[]}} Kept
 * @typedef {{of: string, state: State, time: number, started: string}} Left
 * @typedef {{left: Left | null, sessions: Kept[], grown: Grown, brought: string[]}} Memory
 */

/** @type {Table} */
const table = JSON.parse(element("table").textContent ?? "");
const sound = /** @type {HTMLAudioElement} */ (element("sound"));
const seeker = /** @type {HTMLInputElement} */ (element("seek"));
const page = element("page");
const MOST_KEPT = 200;
const MOST_PIECES = 160;
const KEY = `voicecoach ${table.script}`;
const OF = [table.version, table.digest, table.seed, table.steps.length, ...Object.values(table.planned ?? {})].join(
  " ",
);
/** @type {Memory} */
const memory = { left: null, sessions: [], grown: {}, brought: [], ...recalled() };
/** @type {State} */
let state = fresh().state;
let started = "";
let running = false;
let turn = 0;
let kept = 0;
let drawn = 0;
let refused = false;
/** @type {number[]} */
let way = [];
/** @type {{release(): Promise<void>} | null} */
let lock = null;

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id @param {string} text */
function show(id, text) {
  const shown = element(id);
  if (shown.textContent !== text) shown.textContent = text;
}

// What is remembered. Storage may be refused: then it lasts as long as the page.

/** @returns {Partial<Memory>} */
function recalled() {
  try {
    const read = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return {
      left: read.left?.of === OF ? read.left : null,
      sessions: Array.isArray(read.sessions) ? read.sessions : [],
      grown: read.grown ?? {},
      brought: Array.isArray(read.brought) ? read.brought : [],
    };
  } catch {
    return {};
  }
}

function remember() {
  kept = Date.now();
  memory.left = running ? { of: OF, state, time: sound.currentTime, started } : null;
  try {
    localStorage.setItem(KEY, JSON.stringify(memory));
    refused = false;
  } catch {
    refused = true; // there is no room, or none for us
  }
}

/** A session is over, or was left: what was done is kept. @param {State} at @param {number} time @param {string} since */
function keep(at, time, since) {
  const segments = records(table, at, clockOf(table, at, time));
  if (!segments.length) return;
  const { script, title, digest, seed, planned } = table;
  const session = {
    script,
    title,
    digest,
    seed,
    started: since,
    ended: stamp(),
    finished: at.node === null,
    ...(planned ? { planned } : {}),
    segments,
  };
  memory.grown = learned(table, memory.grown, since.slice(0, 10), segments);
  memory.sessions = [...memory.sessions, session].slice(-MOST_KEPT);
}

/** This moment, with the offset of the place. */
function stamp() {
  const now = new Date();
  const offset = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + offset * 60000).toISOString().slice(0, 19);
  const two = (/** @type {number} */ value) => String(Math.floor(value)).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

/** The session of today's targets, from its beginning. */
function fresh() {
  return begin(table, variantOf(table, memory.grown, stamp().slice(0, 10)));
}

/** What has not come home yet, as far as this page can know. */
function waiting() {
  return table.home ? unsent(memory.sessions, memory.brought) : memory.sessions;
}

/** Where the computer serves this page, what was done goes there by itself. */
async function goHome() {
  const { home: address } = table;
  if (!address || !waiting().length) return;
  const { brought, why } = await bring(waiting(), async (body) => {
    const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
    return answer.status;
  });
  memory.brought = broughtOf(memory.sessions, [...memory.brought, ...brought]);
  remember();
  show("brought", SAID[why]);
  home();
}

function file() {
  return new File([packed(waiting())], "voicecoach-sessions.json", {
    type: "application/json",
  });
}

async function send() {
  try {
    await navigator.share({ files: [file()], title: table.title });
  } catch {
    // not wanted after all
  }
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file());
  link.download = "voicecoach-sessions.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Acts

/** @param {Move | null} move */
function follow(move) {
  if (!move) return;
  const before = state;
  state = move.state;
  if (isOver(state)) return finish();
  if (move.seek !== null) sound.currentTime = move.seek;
  if (state.node !== before.node || state.trail.length !== before.trail.length) arrive();
  schedule();
}

/** @param {string} what @param {number} answer */
function wants(what, answer = 0) {
  if (!running) return;
  tickNow();
  const move = act(table, state, sound.currentTime, what, answer);
  follow(move);
  if (move && running) remember();
}

/** What a button that only says "next" means. */
function goOn() {
  wants(state.node === null ? "on" : table.steps[state.node].button);
}

function tickNow() {
  if (running && !sound.seeking) follow(tick(table, state, sound.currentTime));
}

/** Looks again when the next turn is due; `timeupdate` does so too, where timers sleep. */
function schedule() {
  clearTimeout(turn);
  if (!running || sound.paused) return;
  const left = nextTurn(table, state) - sound.currentTime;
  turn = setTimeout(tickNow, Math.min(Math.max(left * 1000, 4), 60000));
}

/** @param {Left | null} left */
function start(left) {
  if (!left && memory.left) keep(memory.left.state, memory.left.time, memory.left.started);
  const move = left ? { state: left.state, seek: left.time } : fresh();
  started = left ? left.started : stamp();
  state = move.state;
  running = true;
  if (isOver(state)) return finish();
  sound.currentTime = move.seek ?? 0;
  view("session");
  arrive();
  resume();
  remember();
  element("play").focus();
}

function resume() {
  sound.play().catch(() => show("cue", "Touch play to go on."));
}

function toggle() {
  if (sound.paused) resume();
  else sound.pause();
}

function finish() {
  running = false;
  clearTimeout(turn);
  sound.pause();
  keep(state, sound.currentTime, started);
  remember();
  report();
  view("end");
  element("over").focus();
  void goHome();
}

// What is seen

/** @param {string} name */
function view(name) {
  page.dataset.view = name;
  for (const each of ["start", "session", "end"]) element(each).hidden = each !== name;
  if (name !== "session") delete page.dataset.kind;
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.max(0, seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const last = String(Math.floor(whole % 60)).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${last}` : `${minutes}:${last}`;
}

/** Seconds of the session that are over, and in all. */
function progress() {
  const spans = spansOf(table, state, sound.currentTime, way);
  const before = spans.slice(0, state.trail.length).reduce((sum, one) => sum + one, 0);
  const position = before + Math.max(0, clockOf(table, state, sound.currentTime));
  return {
    position,
    duration: Math.max(
      spans.reduce((sum, one) => sum + one, 0),
      position,
      1,
    ),
  };
}

/** Another step is on. */
function arrive() {
  way = wayOf(table, state);
  const step = state.node === null ? null : table.steps[state.node];
  page.dataset.kind = step?.kind ?? "say";
  const now = step?.named ? step.label : step?.block || table.title;
  show("block", step?.named && step.block !== step.record.name ? step.block : "");
  show("now", now);
  element("now").classList.toggle("long", now.length > 18);
  show("told", step ? `Now: ${step.label}` : "");
  const following = table.steps[way[state.trail.length + 1]];
  const name = document.createElement("b");
  name.lang = table.language;
  name.textContent = following?.label ?? "";
  const last = !following || following.closing;
  element("next").replaceChildren(...(step?.closing ? [] : last ? ["Then it is done"] : ["Next: ", name]));
  const ends = step?.done.some(([, why]) => why !== "skipped") && step.kind !== "rest";
  element("done").hidden = !ends;
  show("done", step?.kind === "ready" ? "Go on" : "Done");
  const answers = (step?.replies ?? []).map(([label], number) => {
    const button = document.createElement("button");
    const key = document.createElement("b");
    key.textContent = `${number + 1} `;
    button.append(key, label);
    button.addEventListener("click", () => wants("answer", number));
    return button;
  });
  element("answers").replaceChildren(...answers);
  drawStrip();
  tellSystem();
  draw();
}

/** A piece a step; where there are too many, a piece for several. */
function drawStrip() {
  const each = Math.ceil(way.length / MOST_PIECES);
  const spans = spansOf(table, state, 0, way);
  const here = state.trail.length;
  const pieces = [];
  for (let place = 0; place < way.length; place += each) {
    const piece = document.createElement("i");
    piece.style.flexGrow = String(
      Math.max(
        1,
        spans.slice(place, place + each).reduce((sum, one) => sum + one, 0),
      ),
    );
    piece.dataset.kind = table.steps[way[place]].kind;
    piece.className = here >= place + each ? "past" : here >= place ? "on" : "";
    pieces.push(piece);
  }
  element("pieces").replaceChildren(...pieces);
}

/** The place on the way at a second of the session. @param {number} second */
function placeAt(second) {
  let passed = 0;
  const spans = spansOf(table, state, sound.currentTime, way);
  const found = spans.findIndex((span) => second < (passed += span));
  return found < 0 ? way.length - 1 : found;
}

/** @param {number} place */
function jump(place) {
  if (!running || place < 0 || place >= way.length) return;
  tickNow();
  follow(goTo(table, state, sound.currentTime, place));
  arrive();
  remember();
}

function draw() {
  const time = sound.currentTime;
  const step = state.node === null ? null : table.steps[state.node];
  const at = clockOf(table, state, time);
  const { position, duration } = progress();
  show("total", `${clock(position)} / ${clock(duration)}`);
  const timed = step?.clock ?? false;
  element("clock").hidden = !timed;
  if (step && timed) {
    const length = step.target ?? step.lasts;
    const over = step.up || at > length;
    const shown = clock(over ? at : Math.ceil(Math.min(length, length - at) - 0.001));
    show("clock", over && !step.up ? `+${clock(at - length)}` : shown);
    element("clock").classList.toggle("long", (element("clock").textContent ?? "").length > 4);
    element("clock").classList.toggle("soon", at < 0);
  }
  const cue = cueOf(table, state, time);
  show("cue", cue === element("now").textContent || step?.replies.length ? "" : cue);
  if (!seeker.dataset.held) {
    seeker.max = String(Math.ceil(duration));
    seeker.value = String(Math.floor(position));
    seeker.setAttribute("aria-valuetext", `${step?.label ?? ""}, ${clock(position)} of ${clock(duration)}`);
  }
}

/** Ten times a second: no clock is read more often. @param {number} now */
function drawOften(now) {
  if (running && now - drawn > 95) {
    drawn = now;
    draw();
  }
  requestAnimationFrame(drawOften);
}

function report() {
  const last = memory.sessions.at(-1);
  const steps = /** @type {{kind: string, name: string, side: string | null, seconds: number, target: number | null,
    answer: string | null, question: string | null, why: string}[]} */ (last?.segments ?? []);
  show("over", isOver(state) ? "Done" : "Ended early");
  /** @type {[string, string][]} */
  const rows = [["Time", clock(steps.reduce((sum, step) => sum + step.seconds, 0))]];
  for (const step of steps) {
    const name = [step.name, step.side].filter(Boolean).join(", ");
    const aim = step.target === null ? "" : ` of ${clock(step.target)}`;
    if (step.kind === "hold" && step.seconds && step.why !== "skipped")
      rows.push([name, `${clock(step.seconds)}${aim}`]);
    if (step.answer) rows.push([step.question ?? "", step.answer]);
  }
  const cells = rows.flatMap(([name, value]) => {
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    told.textContent = value;
    return [term, told];
  });
  element("results").replaceChildren(...cells);
  home();
}

/** What waits to be taken home. */
function home() {
  const count = waiting().length;
  const whole = count === 1 ? "1 session" : `${count} sessions`;
  element("home").hidden = !count;
  show("home", `Take ${whole} home`);
  element("send").hidden = !(count && navigator.canShare?.({ files: [file()] }));
  for (const name of ["save", "hint"]) element(name).hidden = !count;
  element("unkept").hidden = !refused || !count;
}

// The system around: lock screen, headset, the screen's sleep

function tellSystem() {
  if (!("mediaSession" in navigator)) return;
  const title = state.node === null ? table.title : table.steps[state.node].label;
  navigator.mediaSession.metadata = new MediaMetadata({
    title,
    artist: table.title,
    album: "voicecoach",
  });
  tellPosition();
}

function tellPosition() {
  const { position, duration } = progress();
  navigator.mediaSession?.setPositionState?.({
    duration,
    position: Math.min(position, duration),
    playbackRate: 1,
  });
}

/** @type {[MediaSessionAction, MediaSessionActionHandler][]} */
const handlers = [
  ["play", resume],
  ["pause", () => sound.pause()],
  ["nexttrack", goOn],
  ["previoustrack", () => wants("back")],
  ["seekto", (details) => jump(placeAt(details.seekTime ?? 0))],
];
for (const [name, handler] of handlers)
  try {
    navigator.mediaSession?.setActionHandler(name, handler);
  } catch {
    // a button that this browser does not know
  }

async function stayAwake() {
  const wanted = running && !sound.paused && document.visibilityState === "visible";
  if (wanted === (lock !== null)) return;
  const held = lock;
  lock = null;
  try {
    if (wanted) lock = (await navigator.wakeLock?.request("screen")) ?? null;
    else await held?.release();
  } catch {
    // the battery is low, or it is not allowed
  }
}

function played() {
  const paused = sound.paused;
  element("play").classList.toggle("paused", paused);
  for (const name of ["aria-label", "title"]) element("play").setAttribute(name, paused ? "Play" : "Pause");
  if ("mediaSession" in navigator) navigator.mediaSession.playbackState = paused ? "paused" : "playing";
  if (running) remember();
  schedule();
  void stayAwake();
}

for (const name of ["play", "pause"]) sound.addEventListener(name, played);
for (const name of ["timeupdate", "ended"])
  sound.addEventListener(name, () => {
    tickNow();
    if (running && Date.now() - kept > 5000) {
      remember();
      tellPosition();
    }
  });
sound.addEventListener("seeked", () => {
  tickNow();
  schedule();
});
sound.addEventListener("playing", schedule);
sound.addEventListener("error", () => show("trouble", "The sound of this page cannot be played by this browser."));
document.addEventListener("visibilitychange", () => {
  lock = document.visibilityState === "visible" ? lock : null;
  if (running) remember();
  tickNow();
  void stayAwake();
});
addEventListener("pagehide", () => running && remember());

element("begin").addEventListener("click", () => start(null));
element("resume").addEventListener("click", () => start(memory.left));
element("play").addEventListener("click", toggle);
element("back").addEventListener("click", () => wants("back"));
element("on").addEventListener("click", () => wants("on"));
element("done").addEventListener("click", () => wants("done"));
element("leave").addEventListener("click", finish);
element("send").addEventListener("click", () => void send());
element("save").addEventListener("click", save);
element("home").addEventListener("click", () => {
  report();
  show("over", "So far");
  view("end");
});
element("again").addEventListener("click", welcome);
seeker.addEventListener("pointerdown", () => {
  seeker.dataset.held = "yes";
});
for (const name of ["pointerup", "pointercancel"])
  seeker.addEventListener(name, () => setTimeout(() => delete seeker.dataset.held));
seeker.addEventListener("input", () => {
  const label = table.steps[way[placeAt(Number(seeker.value))]]?.label ?? "";
  seeker.setAttribute("aria-valuetext", label);
  show("next", `Go to: ${label}`);
});
seeker.addEventListener("change", () => {
  delete seeker.dataset.held;
  jump(placeAt(Number(seeker.value)));
});
document.addEventListener("keydown", (event) => {
  if (!running || event.ctrlKey || event.metaKey || event.altKey) return;
  const inButton = event.target instanceof HTMLButtonElement;
  const acts = {
    ArrowRight: () => (event.target === seeker ? jump(state.trail.length + 1) : wants("on")),
    ArrowLeft: () => (event.target === seeker ? jump(state.trail.length - 1) : wants("back")),
    n: () => wants("on"),
    b: () => wants("back"),
    d: () => wants("done"),
    ...(inButton ? {} : { " ": toggle, Enter: goOn }),
  };
  const wanted = /^[1-9]$/.test(event.key)
    ? () => wants("answer", Number(event.key) - 1)
    : /** @type {Record<string, () => void>} */ (acts)[event.key];
  if (!wanted) return;
  event.preventDefault();
  wanted();
});

// The audio, decoded piece by piece, so that the page is there before it

/** @returns {Promise<Blob>} */
async function audio() {
  const lines = (element("audio").textContent ?? "").trim().split("\n");
  const parts = [];
  let since = Date.now();
  for (const line of lines) {
    const letters = atob(line);
    const bytes = new Uint8Array(letters.length);
    for (let place = 0; place < bytes.length; place++) bytes[place] = letters.charCodeAt(place);
    parts.push(bytes);
    if (Date.now() - since > 30) {
      await new Promise((go) => setTimeout(go));
      since = Date.now();
    }
  }
  element("audio").remove();
  const whole = new Blob(parts, { type: table.type });
  if (!table.packed) return whole;
  const plain = whole.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain, { headers: { "content-type": table.type } }).blob();
}

function welcome() {
  const left = memory.left;
  way = wayOf(table, fresh().state);
  show("total", clock(way.reduce((sum, node) => sum + table.steps[node].lasts, 0)));
  element("resume").hidden = !left;
  element("kept").hidden = !left;
  if (left) {
    state = left.state;
    way = wayOf(table, state);
    sound.currentTime = left.time;
    show("resume", `Go on at ${clock(progress().position)}`);
    const step = state.node === null ? null : table.steps[state.node];
    show("kept", step ? `You were at: ${step.label}` : "");
  }
  show("begin", left ? "From the start" : "Start");
  element("begin").classList.toggle("plain", left !== null);
  show("told", "");
  home();
  view("start");
  void goHome();
}

document.addEventListener("DOMContentLoaded", async () => {
  try {
    sound.src = URL.createObjectURL(await audio());
    /** @type {HTMLButtonElement} */ (element("begin")).disabled = false;
    welcome();
    requestAnimationFrame(drawOften);
  } catch {
    show("trouble", "The sound of this page cannot be unpacked: this browser is too old for it.");
  }
});
