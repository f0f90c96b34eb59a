// How sessions come home.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const { bring, unsent, broughtOf, packed, SAID } = vm.runInNewContext(
  `${readFileSync(new URL("../../voicecoach/phone/home.js", import.meta.url), "utf8")};
   ({ bring, unsent, broughtOf, packed, SAID })`,
);

/** What another realm made, as this one compares it. */
const plain = (value) => JSON.parse(JSON.stringify(value));
const sessions = ["a", "b", "c"].map((started) => ({ started, script: "x" }));

/** A computer that answers so, one answer a session. */
function computer(...answers) {
  const got = [];
  const post = async (body) => {
    got.push(
      JSON.parse(body)
        .sessions.map((one) => one.started)
        .join(),
    );
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("failed to fetch");
    return answer;
  };
  return { got, post };
}

test("each is brought by itself, in order", async () => {
  const { got, post } = computer(200, 200, 200);
  assert.deepEqual(plain(await bring(sessions, post)), { brought: ["a", "b", "c"], why: "" });
  assert.deepEqual(got, ["a", "b", "c"]);
});

test("where nobody answers the rest waits", async () => {
  const { got, post } = computer(200);
  assert.deepEqual(plain(await bring(sessions, post)), { brought: ["a"], why: "away" });
  assert.deepEqual(got, ["a", "b"]);
});

test("a computer that cannot take it now is asked later", async () => {
  assert.deepEqual(plain(await bring(sessions, computer(503).post)), { brought: [], why: "away" });
});

test("behind a door that is shut nothing is tried", async () => {
  const { got, post } = computer(200, 403, 200);
  assert.deepEqual(plain(await bring(sessions, post)), { brought: ["a"], why: "locked" });
  assert.equal(got.length, 2);
});

test("one that is not taken keeps no other from it", async () => {
  const { post } = computer(200, 422, 200);
  assert.deepEqual(plain(await bring(sessions, post)), { brought: ["a", "c"], why: "refused" });
});

test("what was brought is not sent again, and is forgotten with its session", () => {
  assert.deepEqual(plain(unsent(sessions, ["a", "c"])), [sessions[1]]);
  assert.deepEqual(plain(broughtOf(sessions, ["gone", "c", "a"])), ["a", "c"]);
});

test("the file is the one that log import takes", () => {
  assert.deepEqual(JSON.parse(packed([sessions[0]])), { version: 1, sessions: [sessions[0]], targets: [] });
});

test("every end has its words", () => {
  for (const why of ["", "away", "locked", "refused"]) assert.match(SAID[why], /\w+.*\.$/);
});
