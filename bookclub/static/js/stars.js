/* Stars by one tap, and half of the last one by a second. Without this the radio buttons and their button do. */
(function () {
  "use strict";

  const SECOND_TAP = 450; /* In milliseconds: a tap is sent once no second one can be meant. */
  let waiting = 0;

  document.addEventListener("click", (event) => {
    const label = event.target.closest("[data-stars] .whole");
    if (!label) return;
    event.preventDefault();
    const whole = document.getElementById(label.htmlFor);
    const half = whole.previousElementSibling.previousElementSibling;
    (whole.checked ? half : whole).checked = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (whole.isConnected) whole.form.requestSubmit(); }, SECOND_TAP);
  });
})();
