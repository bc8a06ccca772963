/* Composers: two chips that choose who can read a post, a key that posts it, and pictures that are dropped or pasted
   into the text. Without this file the whole list of choices shows, the button posts, and pictures are chosen and
   sent as large as they are. */
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

  /* Pictures: each file gets fields of its own, and goes to where the cursor was. */

  const MOST_BYTES = 10 * 1024 * 1024, SMALL_ENOUGH = 1024 * 1024;
  const LONGEST_SIDE = 3200; /* Twice the widest copy that the club keeps. */
  const words = () => JSON.parse(document.querySelector("meta[name=words]").content);

  function groupFor(pictures) {
    /* The group without a file, or a copy of the last one. */
    const groups = [...pictures.querySelectorAll("[data-picture]")];
    const free = groups.find((group) => !group.querySelector("[data-file]").files.length);
    if (free) return free;
    const copy = groups[groups.length - 1].cloneNode(true);
    const number = groups.length + 1;
    copy.querySelectorAll(".error").forEach((error) => error.remove());
    copy.querySelectorAll("input").forEach((input) => {
      input.value = "";
      input.removeAttribute("aria-invalid");
      input.id = `${input.id}-${number}`;
      input.removeAttribute("aria-describedby");
    });
    copy.querySelectorAll("label").forEach((label) => { label.htmlFor = `${label.htmlFor}-${number}`; });
    copy.querySelectorAll(".help").forEach((help) => help.remove());
    groups[groups.length - 1].after(copy);
    return copy;
  }

  function take(area, files) {
    const pictures = area.form && area.form.querySelector("[data-pictures]");
    const images = [...files].filter((file) => file.type.startsWith("image/"));
    if (!pictures || !images.length) return false;
    const filled = images.map((file) => {
      const group = groupFor(pictures), holder = new DataTransfer();
      holder.items.add(file);
      group.querySelector("[data-file]").files = holder.files;
      return group;
    });
    pictures.open = true;
    note(area);
    filled.forEach((group) => shrinkIn(group.querySelector("[data-file]")));
    check(area.form);
    filled[0].querySelector("[data-alt]").focus();
    return true;
  }

  function note(area) {
    const place = area.form && area.form.elements.namedItem("picture_at");
    /* In characters, of which JavaScript counts some twice. */
    if (place) place.value = String([...area.value.slice(0, area.selectionStart)].length);
  }

  const isPhoto = (file) => ["image/jpeg", "image/heic", "image/heif"].includes(file.type);

  async function shrink(file) {
    /* No page shows a photo as large as a camera takes it, and several of them would be too much for one form.
       What the browser cannot read, or would not make smaller, is sent as it is. */
    if (!isPhoto(file) || file.size < SMALL_ENOUGH) return file;
    try {
      const photo = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(photo.width, photo.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(photo.width * scale);
      canvas.height = Math.round(photo.height * scale);
      canvas.getContext("2d").drawImage(photo, 0, 0, canvas.width, canvas.height);
      photo.close();
      const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
      if (!smaller || smaller.size >= file.size) return file;
      return new File([smaller], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file;
    }
  }

  async function shrinkIn(input) {
    const file = input.files[0];
    const smaller = file ? await shrink(file) : file;
    /* Meanwhile another one may have been chosen. */
    if (smaller !== file && input.files[0] === file) {
      const holder = new DataTransfer();
      holder.items.add(smaller);
      input.files = holder.files;
    }
    check(input.form);
  }

  function check(form) {
    /* What a file needs is said before it is sent. */
    let sum = 0;
    form.querySelectorAll("[data-file]").forEach((input) => {
      const file = input.files[0], group = input.closest("[data-picture]");
      const size = file ? file.size : 0;
      sum += size;
      if (group) group.querySelector("[data-alt]").required = Boolean(file);
      input.setCustomValidity(size > MOST_BYTES ? words().picture_large : sum > MOST_BYTES ? words().pictures_large : "");
    });
  }

  const isText = (target) => target.matches && target.matches("textarea[data-draft]");

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-file]")) return;
    check(event.target.form);
    shrinkIn(event.target);
  });

  document.addEventListener("focusout", (event) => {
    if (isText(event.target)) note(event.target);
  });

  document.addEventListener("paste", (event) => {
    /* Text that was copied with pictures stays text. */
    const brings = event.clipboardData;
    if (!isText(event.target) || !brings || brings.types.some((type) => type.startsWith("text/"))) return;
    if (take(event.target, brings.files)) event.preventDefault();
  });

  document.addEventListener("dragover", (event) => {
    if (isText(event.target) && event.dataTransfer && event.dataTransfer.types.includes("Files")) event.preventDefault();
  });

  document.addEventListener("drop", (event) => {
    if (isText(event.target) && event.dataTransfer && take(event.target, event.dataTransfer.files)) event.preventDefault();
  });

  document.addEventListener("htmx:after:settle", showAll);
  window.addEventListener("pageshow", showAll); /* The way back brings what was chosen before. */
  showAll();
})();
