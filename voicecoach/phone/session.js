// The interpreter of a page's table: pure functions of the table, how it stands, and the second of the audio.
// What a step is, what an act means in it and where it leads all stands in the table (see table.py).

/**
 * @typedef {{kind: string, name: string, side: string | null, round: number, planned: number | null,
 *   question: string | null, progression: string | null, target: number | null}} Planned
 * @typedef {[second: number, why: string, saying: number | null]} Telling
 * @typedef {number | null | (number | null)[]} Leads A step, or one for each of the sessions that part here.
 * @typedef {[label: string, leads: Leads, saying: number | null]} Reply
 * @typedef {{label: string, named: boolean, closing: boolean, block: string, kind: string, enter: number,
 *   start: number, end: number, out: number, lasts: number, clock: boolean, up: boolean, target: number | null,
 *   best: number | null, flows: boolean,
 *   then: Leads, after: Leads, alone: number | null,
 *   again: [from: number, to: number, quiet: number, laps: number] | null, why: string, clean: number,
 *   done: Telling[], on: Telling[], replies: Reply[], button: string, counts: boolean, record: Planned}} Step
 * @typedef {{version: number, title: string, summary: string, language: string, script: string, digest: string,
 *   seed: number, restart: number, least: number, sample: number, first: Leads, made: string,
 *   growths: Growth[], untried: string[], steps: Step[],
 *   sayings: [enter: number, out: number][], cues: [from: number, to: number, text: string][],
 *   type: string, packed: boolean, home: string, planned: object | null}} Table
 * @typedef {{key: string, levels: number[], today: number, held: number[],
 *   slipped: [second: number, level: number][][], weeks: number[][]}} Growth How a hold grows (see growth.py).
 * @typedef {Record<string, {day: string, from: number, target: number}>} Grown By progression: on which day it was held
 *   last, at which target, and which one stands since.
 * @typedef {{node: number, seconds: number, why: string, answer: number | null}} Past What became of a step.
 * @typedef {{node: number | null, telling: number | null, laps: number, trail: Past[], back: number | null,
 *   variant: number}} State
 *   `node` is the step that is on (null: all is over), `telling` the saying that is heard before it, `laps` how often
 *   it went round, `back` the place in the trail that the last act went back to, `variant` which of several sessions.
 * @typedef {{state: State, seek: number | null}} Move How it stands, and where the audio is to go on if elsewhere.
 */

/** @param {State} state @returns {boolean} */
function isOver(state) {
  return state.node === null && state.telling === null;
}

/**
 * Enters a step by a jump, once the saying is told.
 * @param {Table} table @param {State} state @param {Leads} leads @param {number | null} saying
 * @returns {Move}
 */
function entered(table, state, leads, saying = null) {
  const node = led(state, leads);
  const at = node === null ? null : (table.steps[node].alone ?? node);
  const seek = saying !== null ? table.sayings[saying][0] : at === null ? null : table.steps[at].enter;
  return { state: { ...state, node: at, telling: saying, laps: 0 }, seek };
}

/** @param {State} state @param {Leads} leads @returns {number | null} */
function led(state, leads) {
  return Array.isArray(leads) ? leads[state.variant] : leads;
}

/** @param {Table} table @param {number} variant @returns {Move} */
function begin(table, variant = 0) {
  return entered(table, { node: null, telling: null, laps: 0, trail: [], back: null, variant }, table.first);
}

/**
 * Seconds on the clock of the step that is on, negative before it.
 * @param {Table} table @param {State} state @param {number} time
 */
function clockOf(table, state, time) {
  if (state.node === null) return 0;
  const step = table.steps[state.node];
  return state.telling !== null ? Math.min(-0.1, step.enter - step.start) : time - step.start;
}

/** Those that are whole. @param {Table} table @param {number} seconds */
function tenths(table, seconds) {
  return Math.floor(seconds * 10 + table.sample) / 10;
}

/**
 * When something happens next if nobody does anything, in seconds of the audio.
 * @param {Table} table @param {State} state
 */
function nextTurn(table, state) {
  if (state.telling !== null) return table.sayings[state.telling][1];
  if (state.node === null) return Infinity;
  const step = table.steps[state.node];
  return step.flows ? step.end : step.again ? step.again[1] : step.out;
}

/**
 * The audio has come to a time.
 * @param {Table} table @param {State} state @param {number} time @returns {Move}
 */
function tick(table, state, time) {
  while (!isOver(state) && time >= nextTurn(table, state)) {
    if (state.telling !== null) return entered(table, state, state.node);
    const node = /** @type {number} */ (state.node);
    const step = table.steps[node];
    if (step.again) {
      const [from, , quiet, laps] = step.again;
      return {
        state: { ...state, laps: state.laps + 1 },
        seek: state.laps < laps ? from : quiet,
      };
    }
    const trail = [...state.trail, { node, seconds: step.clean, why: step.why, answer: null }];
    if (!step.flows) return entered(table, { ...state, trail }, step.then);
    state = { ...state, trail, node: led(state, step.then), laps: 0 };
  }
  return { state, seek: null };
}

/**
 * The person does something: "done", "on", "back" or "answer". Null where it means nothing now.
 * @param {Table} table @param {State} state @param {number} time @param {string} what @param {number} answer
 * @returns {Move | null}
 */
function act(table, state, time, what, answer = 0) {
  if (state.node === null) return what === "on" && state.telling !== null ? entered(table, state, null) : null;
  const { node, trail } = state;
  const step = table.steps[node];
  const at = clockOf(table, state, time);
  if (what === "back") {
    const place = placeBefore(table, state, at);
    const to = place < trail.length ? trail[place].node : node;
    return entered(table, { ...state, trail: trail.slice(0, place), back: place }, to);
  }
  const seconds = tenths(table, Math.max(0, at));
  const ended = (/** @type {string} */ why, /** @type {number | null} */ given) => ({
    ...state,
    trail: [...trail, { node, seconds, why, answer: given }],
    back: null,
  });
  if (what === "answer") {
    const reply = step.replies[answer];
    return reply ? entered(table, ended("answered", answer), reply[1], reply[2]) : null;
  }
  const on = what === "on";
  if (!on && (what !== "done" || at < 0)) return null;
  const told = (on ? step.on : step.done).filter(([second]) => second <= Math.max(0, at)).pop();
  return told ? entered(table, ended(told[1], null), step.after, told[2]) : null;
}

/**
 * What is said, and for a moment after it; nothing that was over when this step was begun, as what lies before it.
 * @param {Table} table @param {State} state @param {number} time
 */
function cueOf(table, state, time) {
  let [low, high] = [0, table.cues.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.cues[middle][0] <= time + 0.05) low = middle + 1;
    else high = middle;
  }
  const cue = table.cues[low - 1];
  if (!cue || time >= cue[1] + 1.5) return "";
  const told = state.telling === null ? null : table.sayings[state.telling][0];
  const since = told ?? (state.node === null ? 0 : table.steps[state.node].enter);
  return cue[1] > since ? cue[2] : "";
}

/**
 * The place in the trail that going back leads to; what was gone back to just before may be over again already.
 * @param {Table} table @param {State} state @param {number} at
 */
function placeBefore(table, state, at) {
  const here = state.trail.length;
  if (at > table.restart) return here;
  const began = state.back ?? here;
  const since = state.trail.slice(began).reduce((sum, past) => sum + past.seconds, Math.max(0, at));
  return Math.max(0, (since <= table.restart ? began : here) - 1);
}

/**
 * The steps so far, the one that is on, and those that come if nobody answers anything, without the last words.
 * @param {Table} table @param {State} state @returns {number[]}
 */
function wayOf(table, state) {
  const way = state.trail.map((past) => past.node);
  for (let node = state.node; node !== null; node = led(state, table.steps[node].after))
    if (node === state.node || !table.steps[node].closing) way.push(node);
  return way;
}

/**
 * How long each step of a way is: as it took, or where it has taken no time, or not yet, as it is planned.
 * @param {Table} table @param {State} state @param {number} time @param {number[]} way
 */
function spansOf(table, state, time, way) {
  return way.map((node, place) => {
    const { lasts } = table.steps[node];
    if (place === state.trail.length) return Math.max(lasts, clockOf(table, state, time));
    return state.trail[place]?.seconds || lasts;
  });
}

/**
 * Goes to a place on the way: back, or on past all that lies before it.
 * @param {Table} table @param {State} state @param {number} time @param {number} place @returns {Move}
 */
function goTo(table, state, time, place) {
  if (place < state.trail.length) {
    const trail = state.trail.slice(0, place);
    return entered(table, { ...state, trail, back: null }, state.trail[place].node);
  }
  let move = entered(table, { ...state, back: null }, state.node);
  for (let here = state.trail.length; here < place && move.state.node !== null; here++)
    move = act(table, move.state, here === state.trail.length ? time : 0, "on") ?? move;
  return move;
}

/**
 * Steps as the history takes them; the one that is on only where the session is left in it, `at` so many seconds.
 * @param {Table} table @param {State} state @param {number} at
 */
function records(table, state, at) {
  const done = [...state.trail];
  const on = state.node === null ? null : table.steps[state.node];
  if (on?.counts && at >= table.least)
    done.push({
      node: Number(state.node),
      seconds: tenths(table, at),
      why: "ended",
      answer: null,
    });
  return done.map(({ node, seconds, why, answer }, index) => {
    const step = table.steps[node];
    return {
      index,
      ...step.record,
      seconds,
      why,
      answer: answer === null ? null : step.replies[answer][0],
    };
  });
}

// How holds grow: where each target leads stands in the table, and here it is looked up.

/** The place of the longest target that is no longer. @param {Growth} growth @param {number} seconds */
function levelAt(growth, seconds) {
  return growth.levels.reduce((found, level, place) => (level <= seconds + 0.01 ? place : found), 0);
}

/** @param {string} from @param {string} to Days, as 2026-03-01. */
function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86400000);
}

/**
 * Where a progression stands today.
 * @param {Table} table @param {Growth} growth @param {Grown} grown @param {string} today
 */
function levelOf(table, growth, grown, today) {
  const last = grown[growth.key];
  if (!last || last.day < table.made) return growth.today;
  const days = daysBetween(last.day, today);
  if (days <= 0) return levelAt(growth, last.from);
  const level = levelAt(growth, last.target);
  const weeks = growth.weeks[level].slice(0, Math.floor((days - 1) / 7));
  return weeks.pop() ?? level;
}

/** The session of today's targets. @param {Table} table @param {Grown} grown @param {string} today */
function variantOf(table, grown, today) {
  return table.growths.reduce(
    (place, growth) => place * growth.levels.length + levelOf(table, growth, grown, today),
    0,
  );
}

/**
 * What is known of progressions after a session; of a day the hold counts that leads furthest.
 * @param {Table} table @param {Grown} grown @param {string} today
 * @param {{seconds: number, why: string, progression: string | null, target: number | null}[]} steps
 * @returns {Grown}
 */
function learned(table, grown, today, steps) {
  const found = { ...grown };
  for (const { seconds, why, progression, target } of steps) {
    const growth = table.growths.find((one) => one.key === progression);
    const clean = target !== null && seconds >= target;
    if (!growth || target === null || (!clean && table.untried.includes(why))) continue;
    const level = levelAt(growth, target);
    const slips = growth.slipped[level].filter(([second]) => second <= seconds).map(([, leads]) => leads);
    const leads = growth.levels[clean ? growth.held[level] : (slips.pop() ?? 0)];
    const before = found[growth.key];
    const same = before?.day === today;
    found[growth.key] = {
      day: today,
      from: same ? before.from : target,
      target: same ? Math.max(before.target, leads) : leads,
    };
  }
  return found;
}
