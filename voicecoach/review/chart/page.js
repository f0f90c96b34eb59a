"use strict";
(() => {
  const tip = document.getElementById("tip");
  const audio = document.querySelector("audio");
  const pictures = [...document.querySelectorAll("svg")];
  const number = (element, name) => Number(element.getAttribute("data-" + name));
  let told = null;

  // What is pointed at, by mouse, finger or keyboard, is told beside it.
  function tell(spot) {
    if (told) told.classList.remove("told");
    told = spot;
    tip.hidden = !spot;
    if (!spot) return;
    spot.classList.add("told");
    tip.textContent = spot.getAttribute("aria-label");
    tip.style.left = tip.style.top = "0px";
    const box = spot.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.max(4, Math.min(box.left, document.documentElement.clientWidth - size.width - 4));
    const above = box.top - size.height - 6;
    tip.style.left = left + window.scrollX + "px";
    tip.style.top = (above < 2 ? box.bottom + 6 : above) + window.scrollY + "px";
  }

  function play(seconds) {
    if (!audio) return;
    audio.currentTime = seconds;
    audio.play().catch(() => {});
    follow();
  }

  // Each picture is one stop of the tabulator; arrow keys go from thing to thing in it.
  for (const picture of pictures) {
    const frame = picture.parentElement; // an SVG that listens itself would be a stop of its own
    const spots = [...picture.querySelectorAll(".spot")];
    const rows = [...picture.querySelectorAll(".row")];
    for (const spot of spots) {
      const title = spot.querySelector("title");
      spot.setAttribute("aria-label", title.textContent);
      spot.setAttribute("role", audio ? "button" : "img");
      spot.setAttribute("tabindex", "-1");
      title.remove();
    }
    if (spots.length) spots[0].setAttribute("tabindex", "0");
    const lanes = new Map();
    for (const spot of spots) {
      const name = spot.getAttribute("data-lane");
      if (!lanes.has(name)) lanes.set(name, []);
      lanes.get(name).push(spot);
    }
    const names = [...lanes.keys()];

    function go(from, to) {
      if (!to || to === from) return;
      from.setAttribute("tabindex", "-1");
      to.setAttribute("tabindex", "0");
      to.focus();
    }

    function beside(spot, by) {
      const lane = names[names.indexOf(spot.getAttribute("data-lane")) + by];
      if (!lane) return null;
      const at = number(spot, "from");
      const near = (one) => Math.abs(number(one, "from") - at);
      return lanes.get(lane).reduce((best, one) => (near(one) < near(best) ? one : best));
    }

    frame.addEventListener("keydown", (event) => {
      const spot = event.target.closest(".spot");
      if (!spot) return;
      const lane = lanes.get(spot.getAttribute("data-lane"));
      const place = lane.indexOf(spot);
      const ways = {
        ArrowRight: () => lane[place + 1],
        ArrowLeft: () => lane[place - 1],
        ArrowDown: () => beside(spot, 1),
        ArrowUp: () => beside(spot, -1),
        Home: () => lane[0],
        End: () => lane[lane.length - 1],
      };
      if (event.key in ways) go(spot, ways[event.key]());
      else if (event.key === "Enter" || event.key === " ") play(number(spot, "from"));
      else return;
      event.preventDefault();
    });
    frame.addEventListener("focusin", (event) => {
      const spot = event.target.closest(".spot");
      if (spot) tell(spot);
    });
    frame.addEventListener("focusout", () => tell(null));
    frame.addEventListener("pointerover", (event) => {
      const spot = event.target.closest(".spot");
      if (spot || event.pointerType === "mouse") tell(spot);
    });
    frame.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") tell(null);
    });
    frame.addEventListener("click", (event) => {
      const spot = event.target.closest(".spot");
      tell(spot);
      const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
      const row = rows.find((one) => here.y >= number(one, "top") && here.y <= number(one, "bottom"));
      if (!row || here.x < number(row, "left") - 4 || here.x > number(row, "right") + 4) return;
      const share = (here.x - number(row, "left")) / (number(row, "right") - number(row, "left"));
      const from = number(row, "from");
      const pointed = from + Math.max(0, Math.min(1, share)) * (number(row, "to") - from);
      // a line is heard from its beginning; a step from where one clicks in it
      play(spot && spot.getAttribute("data-lane") !== "steps" ? number(spot, "from") : pointed);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tell(null);
  });

  if (!audio) return;
  document.body.classList.add("playable");
  const heads = [];
  for (const row of document.querySelectorAll(".row")) {
    const head = document.createElementNS("http://www.w3.org/2000/svg", "line");
    head.setAttribute("class", "head");
    head.setAttribute("visibility", "hidden");
    row.append(head);
    heads.push([row, head]);
  }

  // Where the sound is, in each picture.
  function mark() {
    const now = audio.currentTime;
    for (const [row, head] of heads) {
      const from = number(row, "from");
      const to = number(row, "to");
      const here = now >= from && now < to && (now > 0 || !audio.paused);
      head.setAttribute("visibility", here ? "visible" : "hidden");
      if (!here) continue;
      const x = number(row, "left") + ((now - from) / (to - from)) * (number(row, "right") - number(row, "left"));
      head.setAttribute("x1", x);
      head.setAttribute("x2", x);
      head.setAttribute("y1", number(row, "top") + 15);
      head.setAttribute("y2", number(row, "bottom"));
    }
  }
  let following = false;
  function follow() {
    if (following) return;
    following = true;
    requestAnimationFrame(function again() {
      mark();
      following = !audio.paused;
      if (following) requestAnimationFrame(again);
    });
  }
  for (const name of ["play", "seeked", "timeupdate", "pause"]) audio.addEventListener(name, follow);
  audio.addEventListener("error", () => {
    document.getElementById("unheard").hidden = false;
  });
})();
