"""Spoilers marked in the ways of other sites, read in one pass over the signs of a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .spoiler_spans import Sign, Spoiler, merge

_LT, _GT = r"(?:<|&lt;|&\#0*60;|&\#x0*3c;)", r"(?:>|&gt;|&\#0*62;|&\#x0*3e;)"
# Lengths are bounded, so that a text of nothing but unfinished signs is read in linear time.
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
_INDENT = 40
_TITLE = re.compile(r"""\btitle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
# These are ordinary words, or links, as long as nothing closes them.
_ORDINARY = {"hide", "hidden", "blur", "collapse", "cut", "lj-cut"}
_SHOW_NOTHING = {"a", "br", "hr", "img", "input", "link", "meta"}


@dataclass(frozen=True)
class _Token:
    """One sign: whether it ``opens`` or closes, and whether it ``hides`` or only nests.

    A ``doubtful`` one hides only if it is closed. One that ``expects`` an opening hides what is before it.
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


def borrowed(text: str, *, has_escapes: bool) -> list[Spoiler]:
    """Find the spoilers that are marked as on other sites. Those of different kinds may overlap.

    With ``has_escapes`` a sign behind a backslash means itself.
    """
    found: list[Spoiler] = []
    kinds: dict[str, list[_Token]] = defaultdict(list)
    for sign in (_SIGN_OR_ESCAPED if has_escapes else _SIGN).finditer(text):
        if sign["old_reddit"]:
            found.append(Spoiler(sign.start(), sign.end(), "](/s"))
        elif token := _token(sign, text):
            kinds[token.kind].append(token)
    for tokens in kinds.values():
        if any(token.hides for token in tokens):
            found += _paired(tokens, len(text))
    return _without_summaries(found, kinds["tag summary"]) if "tag summary" in kinds else found


def _without_summaries(found: list[Spoiler], tags: list[_Token]) -> list[Spoiler]:
    """Count the tags around a summary among the signs of the spoiler that they stand in."""
    hidden, at = merge(found), 0
    more: list[Spoiler] = []
    for tag in tags:
        while at < len(hidden) and hidden[at].end <= tag.start:
            at += 1
        if at < len(hidden) and hidden[at].start <= tag.start:
            sign = Sign(tag.start, tag.end, "" if tag.opens else ": ")
            more.append(Spoiler(tag.start, tag.end, tag.text, (sign,)))
    return hidden + more


def _paired(tokens: list[_Token], length: int) -> Iterator[Spoiler]:
    """Pair the signs of one kind, as they nest; those of Reddit and AniList, and fences, do not."""
    nests = tokens[0].kind not in ("reddit", "anilist", "fence")
    waiting: list[_Token] = []
    end = 0
    for token in tokens:
        if token.opens:
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
            doubt = (
                f"You closed a spoiler with “{token.text}” and did not open it, so everything before that"
                " would be hidden. Mark where it begins"
            )
            yield Spoiler(end, token.end, token.text, doubt=doubt)
            end = token.end
    for token in waiting:
        if token.hides and not token.doubtful:
            doubt = (
                f"You opened a spoiler with “{token.text}” and did not close it, so everything after that"
                f" would be hidden. Close it with “{token.closing}”"
            )
            yield Spoiler(token.start, length, token.text, doubt=doubt)


def _token(sign: re.Match[str], text: str) -> _Token | None:
    """Read one sign; None for what only looks like one."""
    place = (sign.start(), sign.end(), sign[0])
    if sign["tag"]:
        return _tag(sign)
    if sign["bracket"]:
        return _bracket(sign)
    if sign["double"]:
        return _Token("[[", *place, opens=sign[0] != "]]", hides=bool(sign["trope"]), closing="]]")
    if sign["reddit_open"]:
        # A quotation may begin with an exclamation mark or a picture.
        doubtful = sign[0][-2] in " \t" or text.startswith("[", sign.end())
        return _Token("reddit", *place, opens=True, doubtful=doubtful, closing="!<")
    if sign["reddit_close"]:
        return _Token("reddit", *place, opens=False, expects=True)
    if sign["anilist_open"]:
        # "So good~!" is said more often.
        leans = text[sign.start() - 1 : sign.start()].strip() or not text[sign.end() : sign.end() + 1].strip()
        return _Token("anilist", *place, opens=True, doubtful=bool(leans), closing="!~")
    if sign["anilist_close"]:
        return _Token("anilist", *place, opens=False)
    if sign["fence"]:
        name = sign["fence_name"].casefold()
        if not name and not _begins_line(sign, text):
            return None
        return _Token("fence", *place, opens=bool(name), hides="spoil" in name, closing=sign["fence_sign"])
    return _colons(sign, text) if sign["colons"] else None


def _begins_line(sign: re.Match[str], text: str) -> bool:
    """Return whether nothing but spaces and the signs of quotations stand before a sign on its line."""
    before = text[max(0, sign.start() - _INDENT) : sign.start()]
    is_near = "\n" in before or sign.start() <= _INDENT
    return is_near and not before.rpartition("\n")[2].strip(" \t>")


def _tag(sign: re.Match[str]) -> _Token | None:
    """Read a tag of HTML. One of another name hides if an attribute says so, as in class="spoiler"."""
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


def _bracket(sign: re.Match[str]) -> _Token:
    """Read a tag in square brackets, as forums write them. Before an address it is the text of a link."""
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


def _colons(sign: re.Match[str], text: str) -> _Token:
    """Read a run of colons: with a name they open a container, as they do at the start of a line."""
    name = (sign["colons_name"] or "").casefold()
    hides = "spoil" in name or name == "details"
    opens = hides or (bool(name) and _begins_line(sign, text))
    end = sign.end() if opens or not name else sign.start("colons_name")
    return _Token("colons", sign.start(), end, sign[0], opens=opens, hides=hides, closing=":::")
