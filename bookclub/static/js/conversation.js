/* "Next unread" in a long conversation, also by the key n. Without this file the link leads to the first unread one. */
(function () {
  "use strict";

  const TYPING = "input, textarea, select, [contenteditable]";

  function after(comment) {
    /* Where the reader is: at the comment that has the focus, or else above all that begins below the window's top. */
    const here = document.activeElement.closest(".comment");
    return here ? here.compareDocumentPosition(comment) & Node.DOCUMENT_POSITION_FOLLOWING : comment.getBoundingClientRect().top > 0;
  }

  function next(link) {
    const found = Array.from(document.querySelectorAll(".comment.new")).find(after);
    if (!found) return location.assign(link.href); /* The next one is on another page. */
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "start" });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-next-unread]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    next(link);
  });

  document.addEventListener("keydown", (event) => {
    const link = document.querySelector("[data-next-unread]");
    if (!link || event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest(TYPING)) return;
    event.preventDefault();
    next(link);
  });
})();
