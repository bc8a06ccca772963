/* Proposes books while [[a mention is typed in a post, and members after @. Without this file they are typed out. */
(function () {
  "use strict";

  const WORDS = JSON.parse(document.querySelector('meta[name="words"]').content);
  const BOOKS = { open: /\[\[([^[\]\n|]{2,80})$/, url: "/mentions?q=", closing: "]]", label: WORDS.books, found: WORDS.books_found };
  const MEMBERS = { open: /(?:^|[\s(])@([A-Za-z0-9][A-Za-z0-9_.-]{0,29})$/, url: "/mentions/members?q=", closing: " ", label: WORDS.members, found: WORDS.members_found };
  const PAUSE = 200; /* Milliseconds without a key before the club is asked. */
  const list = document.createElement("ul");
  list.className = "mentions";
  list.id = "mentions";
  list.setAttribute("role", "listbox");
  let kind = BOOKS, field = null, asked = null, timer = 0;

  const options = () => Array.from(list.children);
  const chosen = () => list.querySelector("[aria-selected=true]");
  const isOpen = () => list.isConnected;

  function announce(words) {
    document.getElementById("announcer").textContent = words;
  }

  function typed() {
    /* What stands between the last two brackets, or the last @, and the caret; null where no mention is being typed. */
    if (field.selectionStart !== field.selectionEnd) return null;
    const before = field.value.slice(0, field.selectionStart);
    kind = MEMBERS.open.test(before) ? MEMBERS : BOOKS;
    const found = kind.open.exec(before);
    return found ? found[1] : null;
  }

  function close() {
    clearTimeout(timer);
    asked = null;
    list.remove();
    if (!field) return;
    ["aria-controls", "aria-activedescendant"].forEach((name) => field.removeAttribute(name));
  }

  async function propose() {
    const text = typed();
    if (text === null) return close();
    asked = text;
    let html = "";
    try {
      const headers = { Unasked: "true" };
      const answer = await fetch(kind.url + encodeURIComponent(text), { headers, redirect: "error" });
      html = answer.ok ? await answer.text() : "";
      if (answer.status === 401) document.dispatchEvent(new CustomEvent("bookclub:signed-out", { detail: await answer.text() }));
    } catch { /* Offline: it can be typed out. */ }
    if (asked !== text || typed() !== text) return;
    list.innerHTML = html;
    if (!options().length) return close();
    list.setAttribute("aria-label", kind.label);
    field.after(list);
    field.setAttribute("aria-controls", list.id);
    mark(options()[0]);
    announce(kind.found[options().length] + " " + WORDS.keys);
  }

  function mark(option) {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = options();
    mark(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  }

  function take(option) {
    const caret = field.selectionStart;
    const start = caret - typed().length;
    const closing = field.value.startsWith(kind.closing, caret) ? "" : kind.closing;
    field.setRangeText(option.dataset.title + closing, start, caret, "end");
    if (!closing) field.selectionStart = field.selectionEnd += kind.closing.length;
    announce(option.dataset.title);
    close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true })); /* The draft that is kept should have it. */
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea[name=body]")) return;
    if (event.target !== field) close();
    field = event.target;
    clearTimeout(timer);
    if (typed() === null) close();
    else timer = setTimeout(propose, PAUSE);
  });

  document.addEventListener("keydown", (event) => {
    if (!isOpen() || event.target !== field || event.isComposing) return;
    const deeds = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Enter: () => take(chosen()),
      Tab: () => take(chosen()),
      Escape: close,
    };
    const deed = deeds[event.key];
    if (!deed || typed() === null) return;
    event.preventDefault();
    event.stopPropagation(); /* Escape closes the list, not the form around it. */
    deed();
  }, true);

  /* Pressing must not take the caret out of the text. */
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
})();
