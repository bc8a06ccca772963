/* What the pages do beyond links and forms: focus, announcements, drafts, errors in words. All of it is optional. */
(function () {
  "use strict";

  const READER = document.querySelector('meta[name="reader"]')?.content || ""; /* Whose page this is. */
  const WORDS = JSON.parse(document.querySelector('meta[name="words"]').content); /* See script_words.py. */
  const DRAFT = "draft:";
  const RELEASE_AFTER = 15000; /* A plain form whose answer never comes can be sent again after this many milliseconds. */
  const FIELDS = "textarea, select, input:not([type=hidden])";
  const openers = new Map(); /* The id of a slot, and the link that opened it. */

  /* Announcements and notices */

  function announce(words) {
    const announcer = document.getElementById("announcer");
    if (!announcer) return;
    announcer.textContent = "";
    setTimeout(() => { announcer.textContent = words; }, 60); /* The pause makes readers say the same words twice. */
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function float(notice, close) {
    const button = element("button", "link", WORDS.close);
    button.type = "button";
    button.addEventListener("click", close);
    notice.append(button);
    document.getElementById("notice").append(notice);
  }

  function notify(words) {
    document.querySelectorAll("#notice .floating").forEach((old) => old.remove());
    const notice = element("p", "notice error floating", words);
    float(notice, () => notice.remove());
  }

  function saySignedOut(html) {
    /* The club's own notice, with its link: said once, until something works again. */
    if (document.querySelector("#notice [data-signed-out]")) return;
    const said = new DOMParser().parseFromString(html || "", "text/html").querySelector(".notice");
    if (!said) return notify(sentence(401));
    said.classList.add("floating");
    said.dataset.signedOut = "";
    float(document.adoptNode(said), () => { said.hidden = true; });
  }

  function sentence(status) {
    /* The club's own errors say more; these are a proxy's, which does not know what became of it. */
    return WORDS[status] || (status >= 500 ? WORDS["5xx"] : WORDS.refused);
  }

  function noticeIn(html) {
    const found = new DOMParser().parseFromString(html || "", "text/html").querySelector(".notice");
    return found ? found.textContent.trim().replace(/\s+/g, " ") : "";
  }

  /* Focus: where the change happened */

  function attend(changed = []) {
    const spoken = document.querySelector("[data-announce]");
    if (spoken) {
      announce(spoken.dataset.announce);
      spoken.removeAttribute("data-announce");
    }
    const target = asked() || firstField(changed) || standIn(changed);
    if (!target) return;
    if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus();
  }

  function asked() {
    /* What an answer asks to be focused: the element itself, or the one whose id it names. */
    const asking = document.querySelector("[data-focus]");
    if (!asking) return null;
    const id = asking.dataset.focus;
    asking.removeAttribute("data-focus");
    return id ? document.getElementById(id) : asking;
  }

  function firstField(changed) {
    /* A form that has opened in its slot. */
    const slot = changed.find((part) => part.isConnected && part.matches("[data-slot]"));
    return slot ? slot.querySelector(FIELDS) : null;
  }

  function standIn(changed) {
    /* Where what had the focus is gone, what stands in its place takes it. */
    if (document.activeElement !== document.body) return null;
    /* What changes by itself every few seconds takes it from nobody. */
    const part = changed.find((part) => part.isConnected && part !== document.body && !part.matches("[data-quiet]"));
    return part ? part.querySelector('[tabindex="-1"]') || part : null;
  }

  /* Drafts: typed words stay in this tab until the club has them, for the member who typed them */

  function destination(form) {
    return new URL(form.getAttribute("action") || location.href, document.baseURI).pathname;
  }

  function draftKey(area) {
    const parent = area.form.elements.namedItem("parent_id");
    return [DRAFT + READER, destination(area.form), parent ? parent.value : "", area.name].join(":");
  }

  function draftsIn(root) {
    return READER ? Array.from(root.querySelectorAll("textarea[data-draft]")).filter((area) => area.form) : [];
  }

  function madeFrom(area) {
    /* What the form says that it was made from: words that come back later were written against that. */
    return area.form.elements.namedItem("made_from");
  }

  function draftOf(area) {
    return { words: area.value, base: madeFrom(area)?.value };
  }

  function bring(area, draft) {
    area.value = draft.words;
    if (draft.base && madeFrom(area)) madeFrom(area).value = draft.base;
  }

  function read(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function write(key, draft) {
    try {
      if (draft) sessionStorage.setItem(key, JSON.stringify(draft));
      else sessionStorage.removeItem(key);
    } catch {
      /* Storage is full or refused: typing goes on without a safety net. */
    }
  }

  function draftKeys() {
    try {
      return Object.keys(sessionStorage).filter((key) => key.startsWith(DRAFT));
    } catch {
      return [];
    }
  }

  function forget(form) {
    draftsIn(form).forEach((area) => write(draftKey(area), null));
  }

  function offer(area, words, label, act) {
    if (area.parentElement.querySelector("[data-kept]")) return;
    const hint = element("p", "help", words + " ");
    const button = element("button", "link", label);
    hint.dataset.kept = "";
    button.type = "button";
    button.addEventListener("click", () => {
      act();
      hint.remove();
      area.focus();
    });
    hint.append(button);
    area.after(hint);
  }

  function restore(area) {
    const key = draftKey(area);
    const draft = read(key);
    if (!draft || !draft.words.trim()) return;
    if (area.dataset.grown !== undefined) {
      write(key, draftOf(area)); /* The club has put a picture into the words that were sent. */
      return;
    }
    if (draft.words.trim() === area.value.trim()) {
      if (area.value !== area.defaultValue) bring(area, draft); /* The browser itself has brought them back. */
      return;
    }
    if (area.value.trim()) {
      offer(area, WORDS.draft, WORDS.draft_bring, () => bring(area, draft));
      return;
    }
    bring(area, draft);
    offer(area, WORDS.draft_back, WORDS.draft_discard, () => {
      area.value = "";
      write(key, null);
    });
  }

  function settleSentDrafts() {
    /* A redirect or a word of success is the answer to a plain post that was saved. Anything else (an error page,
       a lost connection, the way back) turns what was sent into a draft again. */
    const visit = performance.getEntriesByType("navigation")[0];
    const kept = document.querySelector('meta[name="drafts"][content="keep"]');
    const redirected = visit && visit.type === "navigate" && visit.redirectCount > 0;
    const saved = !kept && (redirected || document.querySelector("#notice .good"));
    draftKeys().forEach((key) => {
      const draft = read(key);
      if (draft && draft.sent) write(key, saved ? null : { words: draft.words, base: draft.base });
    });
  }

  /* Forms under way */

  function busy(form, on) {
    if (on) form.setAttribute("aria-busy", "true");
    else form.removeAttribute("aria-busy");
    for (const control of form.elements) {
      if (control.type !== "submit") continue;
      if (on) control.setAttribute("aria-disabled", "true");
      else control.removeAttribute("aria-disabled");
    }
  }

  function isForHtmx(form) {
    return Boolean(window.htmx) && form.matches("[hx-post], [hx-get]") && Boolean(document.querySelector(form.getAttribute("hx-target")));
  }

  document.addEventListener("click", (event) => {
    /* The second click of a double click would press what the answer to the first has brought. */
    if (event.detail > 1 && event.target.closest("form[hx-post] [type=submit], [hx-post][type=submit]")) event.preventDefault();
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (form.matches("[hx-post]") && !isForHtmx(form)) {
      /* On a page of its own there is no place for the answer: it is sent as if there were no htmx. */
      event.stopImmediatePropagation();
      sendPlainly(form);
    }
  }, true);

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || isForHtmx(event.target)) return;
    if (navigator.share && event.target.matches("[data-makes-link]")) {
      event.preventDefault();
      makeAndShare(event.target);
    } else {
      sendPlainly(event.target);
    }
  });

  function sendPlainly(form) {
    if ((form.getAttribute("method") || "").toLowerCase() !== "post") return;
    draftKeys().forEach((key) => {
      const draft = read(key);
      if (draft && draft.sent) write(key, { words: draft.words, base: draft.base });
    });
    draftsIn(form).forEach((area) => {
      if (area.value.trim()) write(draftKey(area), { ...draftOf(area), sent: true });
    });
    if (destination(form).endsWith("/sign-out")) {
      draftKeys().forEach((key) => write(key, null)); /* The next member at this screen reads nobody's drafts. */
    }
    busy(form, true);
    setTimeout(() => busy(form, false), RELEASE_AFTER);
  }

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!READER || !area.matches("textarea[data-draft]") || !area.form) return;
    write(draftKey(area), area.value.trim() ? draftOf(area) : null);
  });

  /* Slots: forms that open inside the page */

  function close(slot) {
    const opener = openers.get(slot.id);
    slot.replaceChildren();
    openers.delete(slot.id);
    if (opener && opener.isConnected) opener.focus();
  }

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const slot = closer && closer.closest("[data-slot]");
    if (slot && openers.has(slot.id)) {
      event.preventDefault();
      close(slot);
    }
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
    const sharer = event.target.closest("[data-share]");
    if (sharer) share(sharer);
    const page = event.target.closest("[data-shares] > summary");
    if (page && !page.parentElement.open) sharePage(event, page.parentElement);
    if (event.target.closest("[data-print]")) window.print();
  });

  function slotOpenedBy(opener) {
    const [id] = Array.from(openers).find(([, each]) => each === opener) || [];
    return id ? document.getElementById(id) : null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    const slot = event.target.closest("[data-slot]") || slotOpenedBy(event.target);
    if (slot && slot.firstElementChild && openers.has(slot.id)) {
      event.preventDefault();
      close(slot);
    }
  });

  /* Menus: they close by Escape, by a click outside, and when the focus leaves them */

  function openMenus() {
    return document.querySelectorAll("details[data-menu][open]");
  }

  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    openMenus().forEach((menu) => {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    });
  });

  function showCopying() {
    document.querySelectorAll("[data-copy], [data-print]").forEach((button) => { button.hidden = false; });
    document.querySelectorAll("[data-share]").forEach((button) => { button.hidden = !navigator.share; });
  }

  async function copy(button) {
    const input = button.parentElement.querySelector("input, textarea");
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
      button.textContent = WORDS.copied;
      announce(WORDS.copied);
    } catch {
      announce(WORDS.selected);
    }
  }

  /* The phone's share sheet: it opens only soon after a tap in the same page, so a new link comes into this one */

  async function share(button) {
    try {
      await navigator.share({ url: button.parentElement.querySelector("input").value });
    } catch {
      button.focus(); /* Nothing was chosen, or the tap was too long ago: the button is there for another. */
    }
  }

  async function sharePage(event, details) {
    event.preventDefault();
    const url = details.querySelector("input").value;
    try {
      if (navigator.share) return await navigator.share({ url });
    } catch (problem) {
      if (problem.name === "AbortError") return; /* The reader has closed the sheet. */
    }
    details.open = true;
    copy(details.querySelector("[data-copy]"));
  }

  async function makeAndShare(form) {
    busy(form, true);
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url); /* Signed out. */
      for (const id of ["notice", "main"]) {
        document.getElementById(id).replaceWith(document.adoptNode(page.getElementById(id)));
      }
      showCopying();
      attend();
      if (answer.ok) await share(document.querySelector("[data-share]"));
    } catch {
      notify(WORDS.unreachable);
    } finally {
      busy(form, false);
    }
  }

  /* A time zone of one's own: offered where the club's shows other hours, until the member says no */

  function clocksOf(zone) {
    /* What its clocks show in winter and in summer. */
    return [0, 6].map((month) => new Date(Date.UTC(new Date().getFullYear(), month, 1)).toLocaleString("en", { timeZone: zone })).join();
  }

  function offerTimeZone() {
    const clubs = document.querySelector('meta[name="time-zone"]')?.content;
    const template = document.getElementById("time-zone-offer");
    if (!clubs || !template || /(^|; )time_zone_declined=1/.test(document.cookie)) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!/^[A-Z]\w+\/[A-Z]/.test(zone) || clocksOf(zone) === clocksOf(clubs)) return;
    const form = template.content.firstElementChild.cloneNode(true);
    form.elements.namedItem("time_zone").value = zone;
    form.querySelector("b").textContent = zone.split("/").pop().replaceAll("_", " ");
    form.querySelector("[data-decline]").addEventListener("click", () => {
      /* A cookie, since signing out empties all other storage. */
      document.cookie = "time_zone_declined=1; path=/; max-age=31536000; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
      form.remove();
    });
    document.getElementById("notice").append(form);
  }

  /* One page for when there is no connection: the service worker keeps it for whoever is signed in */

  async function tellWorker(reader) {
    if (!window.isSecureContext || !navigator.serviceWorker) return;
    try {
      const known = await navigator.serviceWorker.getRegistration();
      if (reader && !known) await navigator.serviceWorker.register("/service-worker.js");
      if (reader || known) (await navigator.serviceWorker.ready).active.postMessage({ reader });
    } catch {
      /* The browser keeps no service workers, or not now: nothing depends on it. */
    }
  }

  /* htmx */

  document.addEventListener("htmx:before:request", (event) => {
    const { sourceElement: source, target } = event.detail.ctx;
    if (source.matches("form")) {
      busy(source, true);
    } else if (target && target.matches("[data-slot]")) {
      const there = document.querySelector(source.getAttribute("hx-select"));
      if (there) {
        event.preventDefault(); /* Opening the same form again would throw away what was typed into it. */
        there.querySelector(FIELDS)?.focus();
        return;
      }
      openers.set(target.id, source);
    }
  });

  document.addEventListener("htmx:before:swap", (event) => {
    event.detail.ctx.title = ""; /* A part is taken from a page with a title of its own. This page keeps its own. */
  });

  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement: source, response } = event.detail.ctx;
    const passing = response.raw.ok ? ".floating" : ".floating:not([data-signed-out])";
    document.querySelectorAll(`#notice ${passing}`).forEach((old) => old.remove());
    if (source.matches("form[hx-post]") && response.raw.ok) forget(source);
  });

  document.addEventListener("htmx:response:error", (event) => {
    const { sourceElement: source, response, hx, text } = event.detail.ctx;
    const status = String(response.status);
    const handled = [status, status.slice(0, 2) + "x", status[0] + "xx"];
    if (hx.redirect || handled.some((pattern) => source.hasAttribute("hx-status:" + pattern))) return;
    if (response.status === 401) {
      tellWorker("");
      saySignedOut(text);
    } else {
      notify(noticeIn(text) || sentence(response.status));
    }
  });

  document.addEventListener("bookclub:signed-out", (event) => saySignedOut(event.detail));

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) notify(WORDS.unreachable);
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement: source, response } = event.detail.ctx;
    if (!source.matches("form")) return;
    busy(source, false);
    if (source.isConnected && response?.raw.ok && draftsIn(source).length) source.reset();
  });

  let waiting = 0;
  let changed = [];
  document.addEventListener("htmx:after:settle", (event) => {
    changed.push(event.target);
    clearTimeout(waiting); /* An answer may swap several parts; they are looked at once, when all are in. */
    waiting = setTimeout(() => {
      draftsIn(document).forEach(restore);
      showCopying();
      attend(changed);
      changed = [];
    }, 10);
  });

  /* The key "/": to the field of the search where there is one, otherwise to its page, as its link leads there */

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

  /* Arriving at a page, also by the way back */

  window.addEventListener("pageshow", (event) => {
    document.querySelectorAll("form[aria-busy]").forEach((form) => busy(form, false));
    if (event.persisted) settleSentDrafts();
  });

  showCopying();
  settleSentDrafts();
  draftsIn(document).forEach(restore);
  attend();
  offerTimeZone();
  tellWorker(READER);
})();
