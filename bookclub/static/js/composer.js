/* Composers: two chips that choose who can read a post, and a key that posts it. Without this file the whole list of
   choices shows, and the button posts. */
(function () {
  "use strict";

  const chipsOf = (form) => form.querySelector("[data-chips]");
  const selectOf = (form) => form.elements.namedItem("horizon");

  function show(form) {
    /* The chips say what the list has chosen; the list shows only behind the second one. */
    const chips = chipsOf(form), select = selectOf(form);
    if (!chips || !select) return;
    const safe = chips.querySelector('[data-chip="safe"]'), further = chips.querySelector('[data-chip="further"]');
    const goesFurther = select.value !== "0" && (select.value !== "" || chips.dataset.open === "true");
    chips.hidden = false;
    form.classList.add("has-chips");
    safe.setAttribute("aria-pressed", String(select.value === "0"));
    if (further) {
      further.setAttribute("aria-pressed", String(goesFurther));
      const said = JSON.parse(chips.dataset.says)[select.value];
      if (goesFurther && said) further.textContent = said;
    }
    select.closest(".horizon").hidden = !goesFurther && select.getAttribute("aria-invalid") !== "true";
    const note = form.querySelector(".starts-safe");
    if (note) note.hidden = select.value !== "0";
  }

  function choose(chip) {
    const form = chip.closest("form"), chips = chipsOf(form), select = selectOf(form);
    if (chip.dataset.chip === "safe") {
      select.value = "0";
    } else if (select.value === "0" || select.value === "") {
      chips.dataset.open = "true";
      select.value = chips.dataset.further;
      if (select.selectedIndex < 0) select.value = "finished"; /* What hides most, where nothing was chosen. */
    }
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function showAll() {
    document.querySelectorAll("form:has([data-chips])").forEach(show);
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-chip]");
    if (chip && chip.matches("button")) choose(chip);
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[name=horizon]")) show(event.target.form);
  });

  document.addEventListener("reset", (event) => setTimeout(() => show(event.target), 0)); /* Afterwards. */

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (!event.target.matches("textarea[data-draft]")) return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button.primary[type=submit]"));
  });

  document.addEventListener("htmx:after:settle", showAll);
  window.addEventListener("pageshow", showAll); /* The way back brings what was chosen before. */
  showAll();
})();
