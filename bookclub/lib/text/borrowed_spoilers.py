"""Spoilers that are marked as on other sites, found in one pass over the signs of a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .messages import gettext as _
from .spoiler_spans import Sign, Spoiler, merge

_LT, _GT = r"(?:<|&lt;|&\#0*60;|&\#x0*3c;)", r"(?:>|&gt;|&\#0*62;|&\#x0*3e;)"
# Every length is bounded, so that a text of nothing but unfinished signs is read in linear time.
_ESCAPED = r"\\[\\<>&\[{!:~`]"
_SIGNS = rf"""
    (?P<tag>{_LT}[ \t]{{0,3}}(?P<tag_end>[/\\]?)[ \t]{{0,3}}(?P<tag_name>[a-z][\w:-]{{0,40}})
        (?:(?P<attributes>[\s/=][^<>]{{0,400}}?)?{_GT})?)
    |(?P<old_reddit>\[[^\[\]\n]{{0,300}}\]\([/\#](?:s|sp|spoilers?)
        (?:[ \t]+(?:"[^"\n]{{0,2000}}"|'[^'\n]{{0,2000}}'))?[ \t]{{0,3}}\))
    |(?P<double>\[\[(?:[ \t]{{0,3}}(?P<trope>spoilers?[ \t]?:))?|\]\])
    |(?P<bracket>[\[{{](?P<bracket_end>[/\\]?)[ \t]{{0,3}}
        (?P<bracket_name>[\w-]{{0,20}}?spoil[\w-]{{0,20}}|details|hide|hidden|blur|collapse)
        (?:(?P<label>[=:|\s][^\[\]{{}}\n]{{0,300}})?[\]}}](?P<is_link>[(\[:])?)?)
    |(?P<reddit_open>{_GT}[ \t]?!)
    |(?P<reddit_close>!{_LT}(?!3|/?[a-z][\w-]{{0,40}}(?:\s[^<>]{{0,100}})?/?>))
    |(?P<anilist_open>~!)
    |(?P<anilist_close>!~)
    |(?P<fence>(?P<fence_sign>```|~~~)[`~]{{0,40}}[ \t]{{0,3}}(?P<fence_name>\w{{0,40}}))
    |(?P<colons>:::+[ \t]{{0,3}}(?P<colons_name>[a-z][\w-]{{0,40}})?)
    """
_FLAGS = re.IGNORECASE | re.VERBOSE | re.MULTILINE
_SIGN, _SIGN_OR_ESCAPED = re.compile(_SIGNS, _FLAGS), re.compile(f"{_ESCAPED}|{_SIGNS}", _FLAGS)
# Only so many characters before a sign are searched for the start of its line, for the same reason.
_INDENT = 40
_TITLE = re.compile(r"""\btitle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
# These are ordinary words or links unless something closes them.
_ORDINARY = {"hide", "hidden", "blur", "collapse", "cut", "lj-cut"}
# Links and void elements never mark a spoiler, whatever their attributes say.
_SHOW_NOTHING = {"a", "br", "hr", "img", "input", "link", "meta"}


@dataclass(frozen=True)
class _Token:
    """One sign that opens (``opens``) or closes a pair, and hides words (``hides``) or only nests.

    A ``doubtful`` sign hides only if it is closed. A closing sign that ``expects`` an opening one hides
    everything before it if there is none.
    """

    kind: str
    start: int
    end: int
    text: str
    opens: bool
    hides: bool = True
    doubtful: bool = False
    expects: bool = False
    label: str = ""
    closing: str = ""


def find_borrowed_spoilers(text: str, *, has_escapes: bool) -> list[Spoiler]:
    """Find the spoilers that are marked as on other sites. Spoilers of different kinds may overlap.

    With ``has_escapes`` a sign after a backslash is plain text.
    """
    found: list[Spoiler] = []
    kinds: dict[str, list[_Token]] = defaultdict(list)
    for sign in (_SIGN_OR_ESCAPED if has_escapes else _SIGN).finditer(text):
        if sign["old_reddit"]:
            found.append(Spoiler(sign.start(), sign.end(), "](/s"))
        elif token := _read_sign(sign, text):
            kinds[token.kind].append(token)
    for tokens in kinds.values():
        if any(token.hides for token in tokens):
            found += _pair_signs(tokens, len(text))
    return _add_summary_tags(found, kinds["tag summary"]) if "tag summary" in kinds else found


def _add_summary_tags(found: list[Spoiler], tags: list[_Token]) -> list[Spoiler]:
    """Add the tags around a summary to the signs of the spoiler they stand in, so that they are not shown."""
    hidden, at = merge(found), 0
    more: list[Spoiler] = []
    for tag in tags:
        while at < len(hidden) and hidden[at].end <= tag.start:
            at += 1
        if at < len(hidden) and hidden[at].start <= tag.start:
            sign = Sign(tag.start, tag.end, "" if tag.opens else ": ")
            more.append(Spoiler(tag.start, tag.end, tag.text, (sign,)))
    return hidden + more


def _pair_signs(tokens: list[_Token], length: int) -> Iterator[Spoiler]:
    """Pair the signs of one kind. They nest, except those of Reddit and AniList and fences."""
    nests = tokens[0].kind not in ("reddit", "anilist", "fence")
    waiting: list[_Token] = []
    end = 0
    for token in tokens:
        if token.opens:
            # Without nesting, a second opening sign inside a spoiler is part of its words.
            if nests or not waiting:
                waiting.append(token)
        elif waiting:
            first, end = waiting.pop(), token.end
            if first.hides:
                signs = (
                    Sign(first.start, first.end, first.label and f"{first.label}: "),
                    Sign(token.start, token.end),
                )
                yield Spoiler(first.start, token.end, first.text, signs)
        elif token.expects:
            doubt = _(
                "You closed a spoiler with “%(mark)s” and did not open it, so everything before that would "
                "be hidden. Mark where it begins, or send this again as it is.",
                mark=token.text,
            )
            yield Spoiler(end, token.end, token.text, doubt=doubt)
            end = token.end
    # An opening sign without its closing one hides the rest of the text: better too much than too little.
    for token in waiting:
        if token.hides and not token.doubtful:
            doubt = _(
                "You opened a spoiler with “%(mark)s” and did not close it, so everything after that would "
                "be hidden. Close it with “%(closing)s”, or send this again as it is.",
                mark=token.text,
                closing=token.closing,
            )
            yield Spoiler(token.start, length, token.text, doubt=doubt)


def _read_sign(sign: re.Match[str], text: str) -> _Token | None:
    """Read one sign; return None if it only looks like one."""
    place = (sign.start(), sign.end(), sign[0])
    if sign["tag"]:
        return _read_tag(sign)
    if sign["bracket"]:
        return _read_bracket(sign)
    if sign["double"]:
        return _Token("[[", *place, opens=sign[0] != "]]", hides=bool(sign["trope"]), closing="]]")
    if sign["reddit_open"]:
        # A quotation may begin with an exclamation mark or a picture.
        doubtful = sign[0][-2] in " \t" or text.startswith("[", sign.end())
        return _Token("reddit", *place, opens=True, doubtful=doubtful, closing="!<")
    if sign["reddit_close"]:
        return _Token("reddit", *place, opens=False, expects=True)
    if sign["anilist_open"]:
        # "So good~!" is far more common than a spoiler that opens like that.
        leans = text[sign.start() - 1 : sign.start()].strip() or not text[sign.end() : sign.end() + 1].strip()
        return _Token("anilist", *place, opens=True, doubtful=bool(leans), closing="!~")
    if sign["anilist_close"]:
        return _Token("anilist", *place, opens=False)
    if sign["fence"]:
        name = sign["fence_name"].casefold()
        if not name and not _begins_line(sign, text):
            return None
        return _Token("fence", *place, opens=bool(name), hides="spoil" in name, closing=sign["fence_sign"])
    return _read_colons(sign, text) if sign["colons"] else None


def _begins_line(sign: re.Match[str], text: str) -> bool:
    """Return whether nothing but spaces and the signs of quotations stand before a sign on its line."""
    before = text[max(0, sign.start() - _INDENT) : sign.start()]
    is_near = "\n" in before or sign.start() <= _INDENT
    return is_near and not before.rpartition("\n")[2].strip(" \t>")


def _read_tag(sign: re.Match[str]) -> _Token | None:
    """Read an HTML tag. A tag of any name hides if an attribute says so, as in class="spoiler"."""
    name, attributes = sign["tag_name"].casefold(), sign["attributes"] or ""
    is_spoiler = "spoil" in name
    is_marked = not sign["tag_end"] and "spoil" in attributes.casefold()
    if name in _SHOW_NOTHING:
        return None
    title = _TITLE.search(attributes)
    return _Token(
        "tag spoiler" if is_spoiler else f"tag {name}",
        sign.start(),
        sign.end(),
        sign[0] if len(sign[0]) <= 40 else f"<{name}>",
        opens=not sign["tag_end"],
        hides=is_spoiler or is_marked or name == "details" or name in _ORDINARY,
        doubtful=name in _ORDINARY and not is_marked,
        expects=is_spoiler or name == "details",
        label=(title[1] or title[2] or "").strip() if title else "",
        closing=f"</{name}>",
    )


def _read_bracket(sign: re.Match[str]) -> _Token:
    """Read a tag in square brackets, as forums write them. Before an address it may be the text of a link."""
    name, label = sign["bracket_name"].casefold(), (sign["label"] or "").strip("=:| \t\"'")
    is_link = bool(sign["is_link"])
    return _Token(
        "bracket spoiler" if "spoil" in name else f"bracket {name}",
        sign.start(),
        sign.end() - is_link,
        sign[0][: len(sign[0]) - is_link],
        opens=not sign["bracket_end"],
        doubtful=name in _ORDINARY or is_link,
        expects=name not in _ORDINARY,
        label=label,
        closing=f"[/{name}]",
    )


def _read_colons(sign: re.Match[str], text: str) -> _Token:
    """Read a run of colons. A spoiler opens anywhere, a container of another name only at a line start."""
    name = (sign["colons_name"] or "").casefold()
    hides = "spoil" in name or name == "details"
    opens = hides or (bool(name) and _begins_line(sign, text))
    end = sign.end() if opens or not name else sign.start("colons_name")
    return _Token("colons", sign.start(), end, sign[0], opens=opens, hides=hides, closing=":::")
