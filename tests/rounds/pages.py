"""What the page of a round says, read off its HTML."""

from __future__ import annotations

import re
from html import unescape


def answers(page: str) -> dict[str, str]:
    """What the ballot on a page holds: the selected place of every book, or whether it is ticked."""
    found = {}
    for name, options in re.findall(r'<select[^>]* name="(rank-\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        assert len(chosen) <= 1
        found[name] = chosen[0] if chosen else ""
    for box in re.findall(r'<input type="checkbox"[^>]*name="rank-[^>]*>', page):
        (name,) = re.findall(r'name="([^"]*)"', box)
        found[name] = "1" if " checked" in box else ""
    return found


def order(page: str) -> list[int]:
    """The ids of the nominations, in the order of their cards."""
    return [int(found) for found in re.findall(r'id="nomination-(\d+)"', page)]


def words(page: str) -> str:
    """A page as it is read: without tags, and with single spaces."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def typed_in(page: str, name: str) -> str:
    """What stands in an input or text box."""
    box = re.search(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    if box:
        return unescape(box[1]).strip()
    (tag,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', page)
    return unescape(re.findall(r' value="([^"]*)"', tag)[0])
