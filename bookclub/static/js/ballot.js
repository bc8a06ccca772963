/* The ballot. A tap on a card gives it the next number or ticks it, and another takes that back; buttons and dragging
   move the ranked cards, and their selects follow. The selects and boxes are the ballot, with or without this file;
   nothing is sent before "Cast ballot". All words come from the page, in the reader's language. */
(function () {
  "use strict";

  const list = document.querySelector("[data-ballot]");
  if (!list) return;
  const isRanking = list.dataset.ballot === "ranked";
  const unsent = document.querySelector("[data-unsent]");
  const order = document.querySelector("[data-order]");
  const divider = element("li", "divider", list.dataset.divider);
  const EDGE = 70; /* A book that is dragged this near to the edge of the window (in pixels) scrolls it. */
  const STEP = 9;
  const PRESSED = "a, button, select, input, label, summary, .grip";

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  const choices = () => Array.from(list.querySelectorAll(".choice"));
  const selectOf = (choice) => choice.querySelector("select");
  const boxOf = (choice) => choice.querySelector("input[type=checkbox]");
  const placeOf = (choice) => Number(selectOf(choice).value) || Infinity;
  const isRanked = (choice) => Boolean(choice.compareDocumentPosition(divider) & Node.DOCUMENT_POSITION_FOLLOWING);

  function announce(words) {
    const announcer = document.getElementById("announcer");
    announcer.textContent = "";
    setTimeout(() => { announcer.textContent = words; }, 60); /* The pause makes readers say the same words twice. */
  }

  function say(sentence, choice, place) {
    unsent.hidden = false;
    announce(list.dataset[sentence].replace("{title}", choice.dataset.title).replace("{place}", place));
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
    const ranked = all.filter(isRanked);
    divider.classList.toggle("first", !ranked.length || ranked.length === all.length);
    all.forEach((choice, number) => {
      choice.classList.toggle("unranked", !isRanked(choice));
      mute(choice, "up", number === 0);
      mute(choice, "down", number === ranked.length - 1);
    });
    order.hidden = !ranked.length;
    order.replaceChildren(...ranked.flatMap((choice) => [
      element("b", "", selectOf(choice).value), ` ${choice.dataset.title}  `,
    ]));
  }

  function mute(choice, way, off) {
    /* Not "disabled", which would take the focus away from the button that was just pressed. */
    choice.querySelector(`[data-way=${way}]`).setAttribute("aria-disabled", String(off));
  }

  function tell(choice) {
    const place = selectOf(choice).value;
    const isLevel = choices().some((other) => other !== choice && place && selectOf(other).value === place);
    say(place ? (isLevel ? "level" : "placed") : "leftOut", choice, place);
  }

  /* Taps */

  function tap(choice) {
    if (!isRanking) {
      boxOf(choice).click();
      return;
    }
    if (isRanked(choice)) list.append(choice);
    else divider.before(choice);
    renumber(choice);
    tell(choice);
  }

  list.addEventListener("click", (event) => {
    const choice = event.target.closest(".choice");
    const isSelecting = String(window.getSelection()).length > 0;
    if (choice && !isSelecting && !event.target.closest(PRESSED)) tap(choice);
  });

  /* Buttons */

  function move(choice, way) {
    if (way === "up") choice.previousElementSibling.before(choice);
    else choice.nextElementSibling.after(choice);
    renumber(choice);
    tell(choice);
  }

  function button(choice, way, sign) {
    const made = element("button", "move", sign);
    made.type = "button";
    made.dataset.way = way;
    made.setAttribute("aria-label", list.dataset[way].replace("{title}", choice.dataset.title));
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
  let before = [];

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
    before = Array.from(list.children);
    held.classList.add("held");
  }

  function drop(keep) {
    if (!held) return;
    const choice = held;
    held = null;
    choice.classList.remove("held");
    const moved = before.some((part, number) => part !== list.children[number]);
    if (!keep) list.append(...before);
    if (keep && moved) {
      renumber(choice);
      tell(choice);
    } else {
      refresh();
    }
  }

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
    choice.querySelector(".answer").append(button(choice, "up", "↑"), button(choice, "down", "↓"), grip);
    selectOf(choice).addEventListener("change", (event) => {
      arrange();
      event.target.focus();
      tell(choice);
    });
  }

  list.classList.add("tappable");
  if (isRanking) {
    document.querySelector("[data-plain]").hidden = true;
    document.querySelector("[data-tap]").hidden = false;
    list.classList.add("movable");
    list.append(divider);
    choices().forEach(equip);
    arrange();
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") drop(false); });
    window.addEventListener("pageshow", arrange); /* The way back brings selects as they were left. */
  } else {
    list.addEventListener("change", (event) => {
      say(event.target.checked ? "ticked" : "unticked", event.target.closest(".choice"), "");
    });
  }
})();
