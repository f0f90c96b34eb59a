// The interpreter of a page's table, by tables as `export` writes them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const { begin, tick, act, goTo, wayOf, spansOf, records, clockOf, nextTurn, isOver, variantOf, learned } =
  vm.runInNewContext(
    `${readFileSync(new URL("../../voicecoach/phone/session.js", import.meta.url), "utf8")};
   ({ begin, tick, act, goTo, wayOf, spansOf, records, clockOf, nextTurn, isOver, variantOf, learned })`,
  );

/** What another realm made, as this one compares it. */
const plain = (value) => JSON.parse(JSON.stringify(value));

/** A step of ten seconds, from `start` of the audio on. */
function step(start, changes = {}) {
  return {
    label: `at ${start}`,
    enter: start - 1,
    start,
    end: start + 10,
    out: start + 10.5,
    lasts: 10,
    flows: false,
    then: null,
    after: null,
    alone: null,
    again: null,
    why: "clock",
    clean: 10,
    done: [[0, "done", null]],
    on: [[0, "skipped", null]],
    replies: [],
    button: "on",
    counts: true,
    record: { kind: "work", name: `at ${start}` },
    ...changes,
  };
}

/** Two steps that flow into each other, a question, an end for each answer, and a saying at 900. */
const table = {
  restart: 2,
  least: 0.1,
  sample: 0.002,
  first: 0,
  sayings: [
    [900, 903],
    [910, 912],
  ],
  steps: [
    step(1, {
      flows: true,
      then: 1,
      after: 1,
      done: [
        [0, "slipped", null],
        [1, "slipped", 0],
        [5, "done", 1],
      ],
    }),
    step(11, { then: 2, after: 2 }),
    step(31, {
      again: [40, 50, 45, 2],
      after: 3,
      done: [],
      counts: false,
      replies: [
        ["yes", 3, null],
        ["no", 4, 0],
      ],
    }),
    step(61),
    step(81, { alone: 5 }),
    step(101),
  ],
};

/** How it stands behind moves, each of which leads on from the one before. */
const after = (...moves) => moves.reduce((state, move) => move(state).state, begin(table).state);
const at = (time) => (state) => tick(table, state, time);
const does = (what, time, answer) => (state) => act(table, state, time, what, answer);

test("it begins where a jump comes in, before the clock", () => {
  assert.deepEqual([begin(table).seek, begin(table).state.node], [0, 0]);
  assert.equal(clockOf(table, begin(table).state, 0.5), -0.5);
});

test("what flows needs no jump, and is remembered as it was planned", () => {
  const move = tick(table, begin(table).state, 11.02);
  assert.equal(move.seek, null);
  assert.equal(move.state.node, 1);
  assert.deepEqual(plain(move.state.trail), [{ node: 0, seconds: 10, why: "clock", answer: null }]);
});

test("what does not flow is left by a jump once its last sound is over", () => {
  const state = after(at(11.02));
  assert.equal(tick(table, state, 21.4).seek, null);
  assert.equal(tick(table, state, 21.6).seek, 30);
});

test("a page that slept through a turn catches up with it", () => {
  assert.equal(tick(table, begin(table).state, 22).state.node, 2);
});

test("done in a hold is told, and goes on from there", () => {
  const told = act(table, begin(table).state, 4.29, "done");
  assert.equal(told.seek, 900);
  assert.deepEqual(plain(told.state.trail), [{ node: 0, seconds: 3.2, why: "slipped", answer: null }]);
  assert.equal(nextTurn(table, told.state), 903);
  assert.ok(clockOf(table, told.state, 901) < 0);
  assert.equal(tick(table, told.state, 902).seek, null);
  assert.equal(tick(table, told.state, 903).seek, 10);
});

test("what it comes to depends on the second", () => {
  const why = (time) => plain(act(table, begin(table).state, time, "done").state.trail[0].why);
  assert.deepEqual([why(1.5), why(5.9), why(6)], ["slipped", "slipped", "done"]);
  assert.equal(act(table, begin(table).state, 1.5, "done").seek, 10);
});

test("done means nothing before the clock has begun, and at a question", () => {
  assert.equal(act(table, begin(table).state, 0.5, "done"), null);
  assert.equal(act(table, after(at(22)), 35, "done"), null);
  assert.equal(act(table, begin(table).state, 5, "answer", 0), null);
  assert.equal(act(table, after(at(22)), 35, "answer", 2), null);
});

test("a step can be left out, also before its clock", () => {
  const move = act(table, begin(table).state, 0.5, "on");
  assert.deepEqual(plain(move.state.trail), [{ node: 0, seconds: 0, why: "skipped", answer: null }]);
  assert.equal(move.seek, 10);
});

test("a step that waits goes round, and is quiet at last", () => {
  let state = after(at(22));
  const seeks = [];
  for (let lap = 0; lap < 4; lap++) {
    const move = tick(table, state, 50.1);
    seeks.push(move.seek);
    state = move.state;
  }
  assert.deepEqual(seeks, [40, 40, 45, 45]);
  assert.equal(state.node, 2);
});

test("an answer leads where it leads, and is told first", () => {
  const yes = act(table, after(at(22)), 35, "answer", 0);
  assert.deepEqual([yes.state.node, yes.seek], [3, 60]);
  const no = act(table, after(at(22)), 35, "answer", 1);
  assert.equal(no.seek, 900);
  assert.equal(no.state.node, 5, "a step whose beginning lies under another is entered where it lies alone");
  assert.equal(tick(table, no.state, 903.1).seek, 100);
  assert.equal(no.state.trail.at(-1).answer, 1);
});

test("going back begins the step again, or within two seconds the one before", () => {
  const state = after(at(11.02));
  assert.deepEqual(plain(act(table, state, 14, "back").state.trail).length, 1);
  assert.equal(act(table, state, 14, "back").seek, 10);
  const before = act(table, state, 12, "back");
  assert.deepEqual([before.seek, before.state.node, before.state.trail.length], [0, 0, 0]);
});

test("twice back goes two steps back, also where the first is over again by then", () => {
  const short = { ...table, steps: table.steps.map((one) => ({ ...one })) };
  short.steps[1] = step(11, { end: 12, clean: 1, flows: true, then: 2, after: 2 });
  let state = tick(short, begin(short).state, 11.02).state;
  state = tick(short, state, 12.1).state;
  state = act(short, state, 31.1, "back").state;
  assert.equal(state.node, 1);
  state = tick(short, state, 12.2).state;
  assert.equal(state.node, 2);
  assert.equal(act(short, state, 31.2, "back").state.node, 0);
});

test("the way is what was done, what is on, and what comes if nobody answers", () => {
  assert.deepEqual(plain(wayOf(table, begin(table).state)), [0, 1, 2, 3]);
  const state = after(at(22), does("answer", 35, 1));
  assert.deepEqual(plain(wayOf(table, state)), [0, 1, 2, 5]);
});

test("the strip goes on by leaving steps out, and back by forgetting them", () => {
  const on = goTo(table, begin(table).state, 4, 2);
  assert.deepEqual(plain(on.state.trail.map(({ seconds, why }) => [seconds, why])), [
    [3, "skipped"],
    [0, "skipped"],
  ]);
  assert.equal(on.seek, 30);
  const back = goTo(table, on.state, 35, 1);
  assert.deepEqual([back.seek, back.state.trail.length], [10, 1]);
  assert.equal(goTo(table, back.state, 15, 1).seek, 10);
});

test("it is over behind the last step", () => {
  const state = after(at(22), does("answer", 35, 0), at(71.5));
  assert.ok(isOver(state));
  assert.equal(nextTurn(table, state), Infinity);
});

test("what was done is told as the history takes it", () => {
  const state = after(does("done", 4.29), at(903.1), does("on", 13.09), does("answer", 33, 1));
  const told = plain(records(table, state, 0));
  assert.deepEqual(
    told.map(({ index, seconds, why, answer }) => [index, seconds, why, answer]),
    [
      [0, 3.2, "slipped", null],
      [1, 2, "skipped", null],
      [2, 2, "answered", "no"],
    ],
  );
});

test("a step that is left counts if it counts at all", () => {
  const whys = (state, seconds) => plain(records(table, state, seconds)).map(({ why }) => why);
  assert.deepEqual(whys(begin(table).state, 3.14), ["ended"]);
  assert.deepEqual(whys(begin(table).state, 0.05), []);
  assert.deepEqual(whys(after(at(22)), 5), ["clock", "clock"]);
});

test("a step has the room on the strip that it took, or where it took none that it was to take", () => {
  const state = after(at(11.02), does("on", 11.0), does("on", 33));
  assert.deepEqual(plain(spansOf(table, state, 64, wayOf(table, state))), [10, 10, 2, 10]);
  assert.deepEqual(plain(spansOf(table, begin(table).state, 4, [0, 1])), [10, 10]);
});

/** Targets of 20, 25 and 30 seconds, of which the second is today's. */
const growing = {
  ...table,
  made: "2026-03-01",
  untried: ["skipped", "back", "ended"],
  growths: [
    {
      key: "x/bridge",
      levels: [20, 25, 30],
      today: 1,
      held: [1, 2, 2],
      slipped: [
        [[0, 0]],
        [[0, 0]],
        [
          [0, 0],
          [25, 1],
        ],
      ],
      weeks: [[0], [0], [1, 0]],
    },
  ],
};
const hold = (seconds, target, why = "done") => ({ seconds, target, why, progression: "x/bridge" });
const level = (grown, today) => variantOf(growing, grown, today);

test("a hold stands where the page was made until it is held on the phone", () => {
  assert.equal(level({}, "2026-03-09"), 1);
  assert.equal(level({ "x/bridge": { day: "2026-02-20", from: 30, target: 30 } }, "2026-03-09"), 1);
});

test("held, it grows for the next day and not for this one", () => {
  const grown = learned(growing, {}, "2026-03-02", [hold(26, 25)]);
  assert.deepEqual([level(grown, "2026-03-02"), level(grown, "2026-03-03")], [1, 2]);
});

test("slipped, it goes back as far as the table says", () => {
  const grown = learned(growing, {}, "2026-03-02", [hold(26, 30, "slipped")]);
  assert.equal(level(grown, "2026-03-03"), 1);
});

test("of a day the best hold counts, also of another session", () => {
  const slipped = learned(growing, {}, "2026-03-02", [hold(3, 25, "slipped")]);
  assert.equal(level(slipped, "2026-03-03"), 0);
  const held = learned(growing, slipped, "2026-03-02", [hold(25, 25)]);
  assert.equal(level(held, "2026-03-03"), 2);
  assert.equal(level(learned(growing, held, "2026-03-02", [hold(3, 25, "slipped")]), "2026-03-03"), 2);
});

test("weeks without a hold lead back", () => {
  const grown = learned(growing, {}, "2026-03-02", [hold(30, 30)]);
  const days = ["2026-03-09", "2026-03-10", "2026-03-16", "2026-03-17", "2026-07-01"];
  assert.deepEqual(
    days.map((day) => level(grown, day)),
    [2, 1, 1, 0, 0],
  );
});

test("a hold that was left out, or left, is none", () => {
  for (const why of growing.untried)
    assert.deepEqual(plain(learned(growing, {}, "2026-03-02", [hold(3, 25, why)])), {});
  assert.equal(level(learned(growing, {}, "2026-03-02", [hold(25, 25, "ended")]), "2026-03-03"), 2);
});

test("sessions of several targets part where the table says so", () => {
  const parted = { ...table, steps: table.steps.map((one) => ({ ...one })) };
  parted.steps[1] = step(11, { then: [2, 3], after: [2, 3] });
  const ends = (variant) => tick(parted, begin(parted, variant).state, 22).seek;
  assert.deepEqual([ends(0), ends(1)], [30, 60]);
});

test("a hold that has reached its target is held, also where it is left out", () => {
  const held = { ...table, steps: table.steps.map((one) => ({ ...one })) };
  held.steps[0].on = [
    [0, "skipped", null],
    [5, "done", 1],
  ];
  const out = (time) => act(held, begin(held).state, time, "on");
  assert.deepEqual([out(5.9).state.trail[0].why, out(5.9).seek], ["skipped", 10]);
  assert.deepEqual([out(6.1).state.trail[0].why, out(6.1).seek], ["done", 910]);
});
