/* Times of a date poll from the device's own picker. The box below them is the form, with or without this file. */
(function () {
  "use strict";

  const DAY = 24 * 60 * 60 * 1000;
  const row = document.querySelector("[data-add-time]");
  if (!row) return;
  const picker = row.querySelector("input");
  const times = document.getElementById("times");
  row.hidden = false;

  row.querySelector("button").addEventListener("click", () => {
    if (picker.value) {
      times.value = [times.value.trim(), picker.value.slice(0, 16).replace("T", " ")].filter(Boolean).join("\n");
      times.dispatchEvent(new Event("input", { bubbles: true }));
      /* The next time is most often on another day, and as late. */
      picker.value = new Date(Date.parse(`${picker.value.slice(0, 16)}Z`) + DAY).toISOString().slice(0, 16);
    }
    picker.focus();
  });
})();
