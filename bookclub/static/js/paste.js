/* Formatted text that is pasted where Markdown is written keeps its links, emphasis, lists and paragraphs. Without
   this file, and with Ctrl+Shift+V, it is pasted as plain text. What was pasted can be undone. */
(function () {
  "use strict";

  const PROSE = "textarea[name=body], textarea[name=about], textarea[name=words], textarea[name=description]";
  const SKIPPED = "head, script, style, template, noscript, svg, object, iframe, button, select, input, textarea, [hidden]";
  const BLOCKS = new Set("ADDRESS ARTICLE ASIDE DD DETAILS DIV DL DT FIGCAPTION FIGURE FOOTER HEADER MAIN NAV P SECTION SUMMARY TR CENTER".split(" "));
  const SPOILER_SIGNS = /\|\||>!|!<|~!|!~|:::|[[<{]\/?\s*spoiler/gi;
  const PUNCTUATION = /^[\p{P}\p{S}]$/u;
  const WORD = /^[\p{L}\p{N}]$/u;
  const WIDE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]$/u;
  const MARKS = [["struck", "~~"], ["italic", "*"], ["bold", "**"]];
  let plainly = false;

  /* Reading: the blocks of the text, each with its runs of words that look alike */

  function read(html) {
    /* The content security policy would complain of every style that is parsed, though none is applied. */
    const unstyled = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
    const body = new DOMParser().parseFromString(unstyled, "text/html").body;
    body.querySelectorAll(SKIPPED).forEach((part) => part.remove());
    const reader = { blocks: [], block: null, formatted: false, paragraphs: 0 };
    walk(body, reader, { quoted: 0 });
    end(reader);
    return reader;
  }

  function end(reader) {
    const block = reader.block;
    reader.block = null;
    if (!block) return;
    trim(block.runs);
    if (block.runs.length || block.kind === "rule") reader.blocks.push(block);
  }

  function begin(reader, kind, look, more = {}) {
    end(reader);
    reader.block = { kind, quoted: look.quoted, list: look.list, runs: [], ...more };
  }

  function say(reader, text, look) {
    if (!reader.block) reader.block = { kind: "text", quoted: look.quoted, list: look.list, runs: [] };
    const { bold, italic, struck, code, href } = look;
    reader.block.runs.push({ text, bold: bold && reader.block.kind !== "heading", italic, struck, code, href });
  }

  function trim(runs) {
    while (runs.length && !runs[0].text.trim()) runs.shift();
    while (runs.length && !runs[runs.length - 1].text.trim()) runs.pop();
    if (!runs.length) return;
    runs[0].text = runs[0].text.trimStart();
    runs[runs.length - 1].text = runs[runs.length - 1].text.trimEnd();
  }

  function walk(node, reader, look) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        const text = look.raw ? child.data : child.data.replace(/[\s\u00a0]+/g, " ");
        if (text.trim() || reader.block?.runs.length) say(reader, text, look);
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        enter(child, reader, look);
      }
    }
  }

  function enter(element, reader, look) {
    const name = element.tagName;
    const style = (element.getAttribute("data-style") || "").toLowerCase();
    if (/display:\s*none|mso-hide:\s*all|mso-list:\s*ignore/.test(style)) return;
    if (isSpoiler(element)) return hide(element, reader, look);
    const level = /mso-list:[^;]*level(\d)/.exec(style);
    if (level) return wordPoint(element, Number(level[1]), reader, look);
    if (name === "BR") return say(reader, "\n", look);
    if (name === "HR") {
      begin(reader, "rule", look);
      return end(reader);
    }
    if (name === "IMG") return picture(element, reader, look);
    if (name === "PRE") {
      reader.formatted = true;
      begin(reader, "code", look);
      say(reader, element.textContent, { quoted: look.quoted });
      return end(reader);
    }
    const within = lookOf(element, style, look);
    if (/^H[1-6]$/.test(name)) {
      reader.formatted = true;
      begin(reader, "heading", look, { level: Number(name[1]) });
    } else if (name === "BLOCKQUOTE") {
      reader.formatted = true;
      end(reader);
      within.quoted = look.quoted + 1;
    } else if (name === "UL" || name === "OL") {
      end(reader);
      within.list = { above: look.list, ordered: name === "OL", number: (Number(element.getAttribute("start")) || 1) - 1, depth: look.list ? look.list.depth + 1 : 0 };
    } else if (name === "LI") {
      reader.formatted = true;
      within.list = look.list || { ordered: false, number: 0, depth: 0 };
      within.list.number += 1;
      begin(reader, "point", within, { number: within.list.number });
      within.isNew = true;
    } else if (name === "TD" || name === "TH") {
      if (reader.block?.runs.length) say(reader, " · ", { quoted: look.quoted });
    } else if (BLOCKS.has(name)) {
      /* The first paragraph of a point is the point. */
      if (!(reader.block && !reader.block.runs.length && reader.block.kind === "point")) end(reader);
      if (name === "P") reader.paragraphs += 1;
    }
    walk(element, reader, within);
    if (BLOCKS.has(name) || /^(H[1-6]|LI|UL|OL|BLOCKQUOTE)$/.test(name)) end(reader);
  }

  function lookOf(element, style, look) {
    const within = { ...look };
    const name = element.tagName;
    const weight = /(?:^|[;\s])font-weight:\s*(\w+)/.exec(style);
    const slant = /(?:^|[;\s])font-style:\s*(\w+)/.exec(style);
    /* Google Docs wraps all of it in <b style="font-weight:normal">. */
    if (weight) within.bold = weight[1] === "bold" || weight[1] === "bolder" || Number(weight[1]) >= 600;
    else if (name === "B" || name === "STRONG") within.bold = true;
    if (slant) within.italic = slant[1] === "italic" || slant[1] === "oblique";
    else if (name === "I" || name === "EM" || name === "CITE") within.italic = true;
    if (/text-decoration[\w-]*:[^;]*line-through/.test(style) || name === "S" || name === "DEL" || name === "STRIKE") within.struck = true;
    if (name === "CODE" || name === "KBD" || name === "SAMP" || name === "TT") within.code = true;
    if (name === "A") within.href = address(element.getAttribute("href")) || within.href;
    return within;
  }

  function address(href) {
    /* A bar in an address would be taken for the beginning of a spoiler. */
    const found = (href || "").trim();
    return /^(https?:\/\/|mailto:)\S+$/i.test(found) ? found.replace(/[()<>|\\[\]]/g, (sign) => "%" + sign.charCodeAt(0).toString(16).toUpperCase()) : "";
  }

  function picture(element, reader, look) {
    const src = address(element.getAttribute("src"));
    const alt = (element.getAttribute("alt") || "").replace(/\s+/g, " ").trim();
    if (src && alt) say(reader, alt, { ...look, href: look.href || src });
  }

  function isSpoiler(element) {
    const said = [element.tagName, element.getAttribute("class") || "", element.getAttribute("data-spoiler") === null ? "" : "spoiler"];
    return /spoil/i.test(said.join(" ")) || element.tagName === "DETAILS";
  }

  function hide(element, reader, look) {
    /* What was hidden there is hidden here: its words, without marks that could come between the bars. */
    const words = element.textContent.replace(/\|+/g, "").replace(/\s+/g, " ").trim();
    if (!words) return;
    reader.formatted = true;
    if (BLOCKS.has(element.tagName)) end(reader);
    say(reader, "||" + words + "||", { quoted: look.quoted, list: look.list });
    reader.hidden = (reader.hidden || 0) + 2;
  }

  function wordPoint(element, level, reader, look) {
    /* Word writes a list as paragraphs, each with its sign in a part that says "ignore". */
    reader.formatted = true;
    const sign = Array.from(element.querySelectorAll("[data-style]")).find((part) => /mso-list:\s*ignore/i.test(part.getAttribute("data-style")));
    const ordered = /^\s*\(?[0-9a-z]{1,5}[.)]/i.test(sign ? sign.textContent : "");
    const last = reader.blocks[reader.blocks.length - 1] || {};
    const before = reader.block || last;
    const counts = before.kind === "point" && before.counts ? before.counts.slice(0, level) : [];
    while (counts.length < level) counts.push(0);
    counts[level - 1] += 1;
    begin(reader, "point", { ...look, list: { ordered, depth: level - 1 } }, { number: counts[level - 1], counts });
    walk(element, reader, { ...look, list: reader.block.list });
    end(reader);
  }

  /* Writing */

  function write(blocks, reader) {
    let text = "";
    blocks.forEach((block, number) => {
      const before = blocks[number - 1];
      const isNext = before && before.kind === "point" && block.kind === "point" && before.quoted === block.quoted;
      const starts = isNext && !block.list.depth && !before.list.depth && before.list.ordered !== block.list.ordered;
      if (before) text += isNext && !starts ? "\n" : block.quoted && before.quoted ? "\n" + "> ".repeat(Math.min(block.quoted, before.quoted)).trimEnd() + "\n" : "\n\n";
      text += lines(block, reader).map((line) => ("> ".repeat(block.quoted) + line).trimEnd()).join("\n");
    });
    return text;
  }

  function lines(block, reader) {
    if (block.kind === "rule") return ["---"];
    if (block.kind === "code") return ["```", ...block.runs.map((run) => run.text).join("").replace(/\n$/, "").split("\n"), "```"];
    const found = inline(block.runs, reader).split("\n").map((line) => line.trim());
    if (block.kind === "heading") return ["#".repeat(block.level) + " " + found.join(" ")];
    const depth = block.list ? block.list.depth : 0;
    if (block.kind === "point") {
      const sign = block.list.ordered ? block.number + ". " : "- ";
      return found.map((line, number) => "   ".repeat(depth) + (number ? " ".repeat(sign.length) : sign) + line);
    }
    return block.list ? found.map((line) => "   ".repeat(depth + 1) + line) : found;
  }

  function isAlike(one, other) {
    return ["bold", "italic", "struck", "code", "href"].every((name) => (one[name] || "") === (other[name] || ""));
  }

  function inline(runs, reader) {
    const merged = [];
    runs.forEach((run) => {
      const last = merged[merged.length - 1];
      if (last && isAlike(last, run)) last.text += run.text;
      else merged.push({ ...run });
    });
    let text = "";
    merged.forEach((run, number) => {
      const next = merged[number + 1];
      text += marked(run, text.slice(-1), next ? next.text[0] : "", reader);
    });
    return text.replace(/ *\n */g, "\n").replace(/ {2,}/g, " ");
  }

  function marked(run, before, after, reader) {
    let [, lead, core, tail] = /^(\s*)([\s\S]*?)(\s*)$/.exec(run.text);
    if (!core) return run.text;
    if (core.includes("\n") && (run.bold || run.italic || run.struck) && !run.href) {
      return run.text.split("\n").map((line) => marked({ ...run, text: line }, "", "", reader)).join("\n");
    }
    if (run.code && !core.includes("`")) {
      reader.formatted = true;
      core = "`" + core + "`";
    } else if (run.bold || run.italic || run.struck) {
      /* Emphasis cannot end with punctuation before a letter, nor begin so after one: the signs would show. */
      const stops = [WORD.test(lead ? "" : before) && !WIDE.test(before), WORD.test(tail ? "" : after) && !WIDE.test(after)];
      if (!run.href) {
        while (stops[0] && core && PUNCTUATION.test(core[0]) && !WIDE.test(core[0])) [lead, core] = [lead + core[0], core.slice(1)];
        while (stops[1] && core && PUNCTUATION.test(core[core.length - 1]) && !WIDE.test(core[core.length - 1])) [tail, core] = [core[core.length - 1] + tail, core.slice(0, -1)];
      }
      if (!core) return lead + tail;
      reader.formatted = true;
    }
    const shown = run.href && run.href.replace(/^mailto:/i, "") !== core && run.href !== core ? "[" + core.replace(/\n/g, " ") + "](" + run.href + ")" : core;
    if (run.href) reader.formatted = true;
    let out = shown;
    if (!run.code) MARKS.forEach(([name, sign]) => { if (run[name]) out = sign + out + sign; });
    return lead + out + tail;
  }

  /* Pasting */

  function signs(text) {
    return (text.match(SPOILER_SIGNS) || []).length;
  }

  function markdownFrom(html, plain) {
    const reader = read(html);
    const typed = signs(reader.blocks.map((block) => block.runs.map((run) => run.text).join("")).join("\n"));
    const text = write(reader.blocks, reader);
    const isSplit = reader.paragraphs > 1 && !/\n\s*\n/.test(plain.trim());
    /* Marks must never come between the signs of a spoiler: it would open. */
    return (reader.formatted || isSplit) && text && signs(text) === typed ? { text, isBlock: reader.blocks.length > 1 || reader.blocks[0].kind !== "text" } : null;
  }

  function fitted({ text, isBlock }, area) {
    if (!isBlock) return text;
    const before = area.value.slice(0, area.selectionStart);
    const after = area.value.slice(area.selectionEnd);
    const opening = !before.trim() || /\n[ \t]*\n[ \t]*$/.test(before) ? "" : /\n[ \t]*$/.test(before) ? "\n" : "\n\n";
    const closing = !after.trim() || /^[ \t]*\n[ \t]*\n/.test(after) ? "" : /^[ \t]*\n/.test(after) ? "\n" : "\n\n";
    return opening + text + closing;
  }

  function insert(area, text) {
    area.focus();
    /* Nothing else goes into the history that Ctrl+Z takes back. */
    if (document.execCommand("insertText", false, text)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("keydown", (event) => {
    plainly = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
  }, true);

  document.addEventListener("paste", (event) => {
    const area = event.target;
    const isPlain = plainly;
    plainly = false;
    if (isPlain || !(area instanceof HTMLTextAreaElement) || !area.matches(PROSE) || area.readOnly) return;
    const html = event.clipboardData?.getData("text/html");
    const found = html ? markdownFrom(html, event.clipboardData.getData("text/plain")) : null;
    if (!found) return;
    event.preventDefault();
    insert(area, fitted(found, area));
  });
})();
