// How what was done comes to the computer that serves the page; nothing here touches a browser.

/** @typedef {"" | "away" | "locked" | "refused"} Trouble */

/** @type {Record<Trouble, string>} */
const SAID = {
  "": "It has come to your computer.",
  away: "Your computer cannot be reached. This is kept here, and sent when the page is opened again.",
  locked: "Your computer has another address now: open that. This is kept here.",
  refused: "Your computer did not take this. It is kept here, and can be saved.",
};

/**
 * The sessions that have not been brought, which are known by when they began.
 * @template {{started: string}} One
 * @param {One[]} sessions
 * @param {string[]} brought
 * @returns {One[]}
 */
function unsent(sessions, brought) {
  return sessions.filter((one) => !brought.includes(one.started));
}

/** What was brought, of the sessions that are still kept. @param {{started: string}[]} sessions @param {string[]} brought */
function broughtOf(sessions, brought) {
  return sessions.map((one) => one.started).filter((started) => brought.includes(started));
}

/** The file that `voicecoach log import` takes. @param {object[]} sessions */
function packed(sessions) {
  return JSON.stringify({ version: 1, sessions, targets: [] }, null, 1);
}

/**
 * Brings sessions one by one, so that one that is not taken keeps no other from it. `post` gives the HTTP status of the
 * answer, and fails where there is none.
 * @param {{started: string}[]} sessions
 * @param {(body: string) => Promise<number>} post
 * @returns {Promise<{brought: string[], why: Trouble}>}
 */
async function bring(sessions, post) {
  const brought = [];
  /** @type {Trouble} */
  let why = "";
  for (const one of sessions) {
    let status = 0;
    try {
      status = await post(packed([one]));
    } catch {
      // nobody answers
    }
    if (status === 200) brought.push(one.started);
    else if (status === 403) return { brought, why: "locked" };
    else if (status === 0 || status === 503) return { brought, why: "away" };
    else why = "refused";
  }
  return { brought, why };
}
