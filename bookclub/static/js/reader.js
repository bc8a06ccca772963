/* A page that Back brings out of the browser's memory is covered until it is clear that its member is still here. */
(function () {
  "use strict";

  const WORDS = JSON.parse(document.querySelector('meta[name="words"]').content);
  const READER = document.querySelector('meta[name="reader"]').content;

  function cover(on) {
    document.documentElement.classList.toggle("covered", on);
    document.querySelectorAll("[data-uncover]").forEach((old) => old.remove());
  }

  function offerAgain() {
    const notice = document.createElement("p");
    notice.className = "notice error floating";
    notice.dataset.uncover = "";
    notice.textContent = WORDS.covered + " ";
    const button = document.createElement("button");
    button.className = "link";
    button.type = "button";
    button.textContent = WORDS.try_again;
    button.addEventListener("click", check);
    notice.append(button);
    document.getElementById("notice").append(notice);
    button.focus();
  }

  async function check() {
    let reader = null;
    try {
      const answer = await fetch("/session", { headers: { Unasked: "true" }, cache: "no-store", redirect: "error" });
      if (answer.ok) reader = await answer.text();
      else if (answer.status === 401) reader = "";
    } catch { /* Offline. */ }
    if (reader === READER) cover(false);
    else if (reader === null) offerAgain();
    else location.reload();
  }

  window.addEventListener("pagehide", (event) => { if (event.persisted) cover(true); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) check(); });
})();
