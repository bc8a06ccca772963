"""Tags made from the subjects of a work."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..lib.text.keys import fold, key_of

MAX_TAGS_TAKEN = 6
MAX_SUBJECTS = 200
LONGEST_SUBJECT = 120
# These subjects make a tag in every club. Most others are shelf marks, and a club's own tags come first.
GENRES = frozenset(
    {
        "adventure", "autobiography", "biography", "classics", "comics", "crime", "drama", "dystopia",
        "essays", "fairy tales", "fantasy", "gothic", "graphic novels", "historical fiction", "history",
        "horror", "humour", "memoir", "mystery", "mythology", "nonfiction", "philosophy", "poetry",
        "romance", "satire", "science", "science fiction", "short stories", "thriller", "travel",
        "true crime", "war", "young adult",
    }
)  # fmt: skip
# American spellings, plurals and library headings of genres.
OTHER_NAMES = {
    "humor": "humour",
    "humorous": "humour",
    "thrillers": "thriller",
    "suspense": "thriller",
    "memoirs": "memoir",
    "dystopias": "dystopia",
    "dystopian": "dystopia",
    "love stories": "romance",
    "detective and mystery stories": "mystery",
    "mystery and detective": "mystery",
    "comics graphic novels": "graphic novels",
    "non fiction": "nonfiction",
}


def subjects_in(subjects: object) -> list[str]:
    """Return the names of a work's subjects as tags: "Fiction, science fiction" is two of them."""
    names: dict[str, None] = {}
    for subject in subjects[:MAX_SUBJECTS] if isinstance(subjects, list) else ():
        for part in (subject if isinstance(subject, str) else "").split(","):
            name = fold(part[:LONGEST_SUBJECT])
            # "Mystery fiction" is mystery, but "science fiction" is a genre of its own.
            shorter = name.removesuffix(" fiction") if name not in GENRES else name
            names.update(dict.fromkeys(filter(None, (name, OTHER_NAMES.get(name, ""), shorter))))
    return list(names)


def tags_among(subjects: Sequence[str], in_use: Collection[str]) -> tuple[str, ...]:
    """Return the tags for these subjects: first those in use, then genres.

    ``in_use`` are the club's own tags among the subjects, in the club's spelling.
    """
    tags = {key_of(name): name for name in in_use}
    for name in subjects:
        if name in GENRES:
            tags.setdefault(key_of(name), name)
    return tuple(tags.values())[:MAX_TAGS_TAKEN]
