/* The ballot of a ranked round: buttons and dragging move the books, and their selects follow. The selects are the
   ballot, with or without this file; nothing is sent before "Cast ballot". */
(function () {
  "use strict";

  const list = document.querySelector("[data-ballot]");
  if (!list) return;
  const unsent = document.querySelector("[data-unsent]");
  const divider = element("li", "divider", "Not ranked: these count as last, together");
  const EDGE = 70; /* A book that is dragged this near to the edge of the window (in pixels) scrolls it. */
  const STEP = 9;

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  const choices = () => Array.from(list.querySelectorAll(".choice"));
  const selectOf = (choice) => choice.querySelector("select");
  const placeOf = (choice) => Number(selectOf(choice).value) || Infinity;
  const isRanked = (choice) => Boolean(choice.compareDocumentPosition(divider) & Node.DOCUMENT_POSITION_FOLLOWING);

  function announce(words) {
    const announcer = document.getElementById("announcer");
    announcer.textContent = "";
    setTimeout(() => { announcer.textContent = words; }, 60); /* The pause makes readers say the same words twice. */
  }

  /* Between the order on the page and the numbers in the selects */

  function arrange() {
    /* Put the books in the order that the selects say; among equals the order stays. */
    const sorted = choices().sort((one, other) => placeOf(one) - placeOf(other) || 0);
    const ranked = sorted.filter((choice) => placeOf(choice) < Infinity);
    list.append(...ranked, divider, ...sorted.slice(ranked.length));
    refresh();
  }

  function renumber(moved) {
    /* Number the selects by the order on the page. Books that were level and still stand together stay so. */
    let place = 0;
    let before = null;
    const levels = choices().filter(isRanked).map((choice) => [choice, placeOf(choice)]);
    for (const [choice, was] of levels) {
      if (choice === moved || was === Infinity || was !== before) place += 1;
      before = choice === moved ? null : was;
      selectOf(choice).value = String(place);
    }
    choices().filter((choice) => !isRanked(choice)).forEach((choice) => { selectOf(choice).value = ""; });
    refresh();
  }

  function refresh() {
    const all = choices();
    divider.classList.toggle("first", !all.some(isRanked));
    all.forEach((choice, number) => {
      choice.classList.toggle("unranked", !isRanked(choice));
      mute(choice, "up", number === 0 && isRanked(choice));
      mute(choice, "down", !isRanked(choice));
    });
  }

  function mute(choice, way, off) {
    /* Not "disabled", which would take the focus away from whoever has just pressed it. */
    choice.querySelector(`[data-way=${way}]`).setAttribute("aria-disabled", String(off));
  }

  function tell(choice) {
    const place = selectOf(choice).value;
    const level = choices().filter((other) => place && selectOf(other).value === place).length - 1;
    const shared = level > 0 ? `, level with ${level === 1 ? "another book" : `${level} others`}` : "";
    unsent.hidden = false;
    announce(`${choice.dataset.title}: ${place ? `place ${place}${shared}` : "not ranked"}.`);
  }

  /* Buttons */

  function move(choice, way) {
    const ranked = isRanked(choice);
    if (way === "up" && ranked) choice.previousElementSibling?.before(choice);
    if (way === "up" && !ranked) divider.before(choice);
    if (way === "down" && ranked) choice.nextElementSibling.after(choice);
    renumber(choice);
    tell(choice);
  }

  function button(choice, way, sign) {
    const made = element("button", "move", sign);
    made.type = "button";
    made.dataset.way = way;
    made.setAttribute("aria-label", `Move ${choice.dataset.title} ${way}`);
    made.addEventListener("click", () => {
      if (made.getAttribute("aria-disabled") === "true") return;
      move(choice, way);
      made.focus(); /* What moves on the page loses the focus. */
    });
    return made;
  }

  /* Dragging: the others make room for the book that is held, which itself is never taken out of the page */

  let held = null;
  let moving = false;
  let height = 0;
  let order = [];

  function makeRoom() {
    const middle = (part) => part.getBoundingClientRect().top + part.offsetHeight / 2;
    for (let part = held.previousElementSibling; part && height < middle(part); part = held.previousElementSibling) {
      held.after(part);
    }
    for (let part = held.nextElementSibling; part && height > middle(part); part = held.nextElementSibling) {
      held.before(part);
    }
    held.classList.toggle("unranked", !isRanked(held));
  }

  function scroll() {
    if (!held) return;
    const way = height < EDGE ? -STEP : height > window.innerHeight - EDGE ? STEP : 0;
    if (way) {
      window.scrollBy({ top: way, behavior: "instant" });
      makeRoom();
    }
    requestAnimationFrame(scroll);
  }

  function drag(choice, event) {
    if (held || event.button !== 0) return;
    event.preventDefault();
    event.target.setPointerCapture(event.pointerId);
    held = choice;
    moving = false;
    height = event.clientY;
    order = Array.from(list.children);
    held.classList.add("held");
  }

  function drop(keep) {
    if (!held) return;
    const choice = held;
    held = null;
    choice.classList.remove("held");
    const moved = order.some((part, number) => part !== list.children[number]);
    if (!keep) list.append(...order);
    if (keep && moved) {
      renumber(choice);
      tell(choice);
    } else {
      refresh();
    }
  }

  document.addEventListener("keydown", (event) => { if (event.key === "Escape") drop(false); });

  function equip(choice) {
    const grip = element("span", "grip", "");
    grip.setAttribute("aria-hidden", "true");
    grip.addEventListener("pointerdown", (event) => drag(choice, event));
    grip.addEventListener("pointermove", (event) => {
      if (held !== choice) return;
      if (!moving) requestAnimationFrame(scroll);
      moving = true;
      height = event.clientY;
      makeRoom();
    });
    grip.addEventListener("pointerup", () => drop(true));
    grip.addEventListener("pointercancel", () => drop(false));
    choice.prepend(grip);
    choice.querySelector(".answer").append(button(choice, "up", "↑"), button(choice, "down", "↓"));
    selectOf(choice).addEventListener("change", (event) => {
      arrange();
      event.target.focus();
      tell(choice);
    });
  }

  list.classList.add("movable");
  list.append(divider);
  choices().forEach(equip);
  arrange();
  window.addEventListener("pageshow", arrange); /* The way back brings selects as they were left. */
})();
