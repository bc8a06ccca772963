/* The key "/" leads to the search: to its field where there is one, otherwise to its page. Without this the link does. */
(function () {
  "use strict";

  const TYPING = "input, textarea, select, [contenteditable]";

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || event.target.closest(TYPING)) return;
    const link = document.querySelector("[data-search]");
    if (!link) return;
    event.preventDefault();
    const field = document.querySelector("[data-search-field]");
    if (!field) return link.click();
    field.focus();
    field.select();
  });
})();
