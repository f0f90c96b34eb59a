// The search of a list: what has all of the words stays.
(() => {
  "use strict";
  const words = /** @type {HTMLInputElement} */ (document.getElementById("words"));
  const count = /** @type {HTMLElement} */ (document.getElementById("count"));
  const rows = [...document.querySelectorAll("#workouts li")].map((row) => ({
    row: /** @type {HTMLElement} */ (row),
    text: plain(row.textContent ?? ""),
  }));
  const all = count.textContent;

  /** As it is compared: "Übung" is found by "ubung". @param {string} text */
  function plain(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function search() {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { row, text } of rows) {
      row.hidden = !wanted.every((word) => text.includes(word));
      if (!row.hidden) found += 1;
    }
    count.textContent = wanted.length ? `${found} of ${all}` : all;
  }

  words.addEventListener("input", search);
  search();
})();
