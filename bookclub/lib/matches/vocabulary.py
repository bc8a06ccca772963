"""Vocabulary for titles: words for printings, volumes, collections and works about works."""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Articles at the beginning of a title. Within it only the English ones are ignored.
ARTICLES = _set(
    "the a an der die das den dem ein eine le la les l un une el los las una lo il gli uno o os as um uma"
    " de het een det et en ett"
)
INNER_ARTICLES = frozenset({"the", "a", "an"})
INVERTED = re.compile(
    r",\s*(?:the|an?|der|die|das|den|det|dem|eine?|le|la|les|une?|l['’]|el|los|las|una|uno|il|lo|gli|de|het|een"
    r"|['’]t|os?|as?|uma?|en|ett?|ei)\s*\Z",
    re.IGNORECASE,
)

# "Volume 3", "Book Two", "Parts 1 and 2", by kind.
_VOLUMES_OF = {
    "volume": _set("vol vols volume volumes tome tomes tomo band bd deel bind"),
    "book": _set("book books bk libro livre buch bok boek"),
    "part": _set("part parts pt teil del parte partie"),
    "issue": _set("issue"),
}
KINDS = {word: kind for kind, words in _VOLUMES_OF.items() for word in words}
VOLUMES = frozenset(KINDS)
# In brackets these can hardly mean anything else. Outside they stay in the title and in its key.
VOLUMES_IN_BRACKETS = VOLUMES | _set(
    "cilt volumen tomos tom tomi svazek zvazok kotet nide jilid libri livro boken ksiega kniha knjiga kitap"
    " kirja czesc cz cast dil resz osa dio kisim heft numero season staffel omnibus"
)

# Phrases that mean one thing, joined into one word so that a set can hold them.
PHRASES = tuple(
    (re.compile(rf"\b{old}\b"), new)
    for old, new in (
        (r"box(?:ed)? sets?|boxsets?", "boxset"),
        (r"tie ins?", "tiein"),
        (r"companion novel(?:la)?", "novel"),
        (r"large (?:print|type)", "largeprint"),
        (r"mass market", "paperback"),
        (r"audio (?:cd|book)|book on (?:cd|tape)", "audiobook"),
        (r"e book", "ebook"),
        (r"graphic novels?", "graphicnovel"),
        (r"study guides?|reading guides?|readers guides?|teachers? guides?|lesson plans?", "studyguide"),
        (r"colou?ring books?|activity books?", "colouringbook"),
        (r"complete (?:series|collection|saga|set)", "boxset"),
        (
            r"([0-9]+|two|three|four) (?:book|novel)s? (?:set|bundle|collection)|[0-9]+ in 1|2 books in 1",
            "boxset",
        ),
    )
)

# A part of a title that contains one of these names a printing …
EDITION = _set(
    "edition editions edn unabridged abridged reissue reissued reprint anniversary paperback hardcover"
    " hardback kindle ebook audiobook tiein deluxe largeprint illustrated annotated edizione edicion ausgabe"
    " auflage editie utgave utgava ungekurzt ungekuerzt integral"
)
# … and nothing but a printing if all its other words are among these.
ABOUT_EDITIONS = EDITION | _set(
    "ed special limited collectors collector revised updated expanded extended enlarged corrected complete"
    " completely uncut international standard signed movie film tv media modern classics classic new"
    " original uk us american british canadian australian english gift exclusive year years and with the"
    " a fully restored authorized authorised definitive authoritative text critical norton library"
    " centennial centenary bicentennial commemorative premium trade school student teachers gekurzt"
)
# An ordinal belongs to a printing only if one of these follows: "25th Anniversary Edition".
AFTER_ORDINAL = frozenset({"anniversary", "edition", "edn", "ed", "year", "auflage"})

GENERIC = re.compile(
    r"(?:(?:an?|the|ein|eine|une?) )?(?:[a-z]+ ){0,2}?"
    r"(?:novel|novels|novella|novelette|memoir|thriller|mystery|fiction|story|stories|tale|roman|romance"
    r"|romanzo|novela|poems|poetry|play|essays|fantasy|biography|autobiography|erzahlungen|geschichte)"
)
A_NOVEL_OF = re.compile(r"an? (?:novel|novella|thriller|mystery|memoir) (?:of|about|in|by|from) .*")
TRAILING_GENERIC = re.compile(r"(?<=.) a (?:novel|novella|memoir|thriller)\Z")

# A misspelt word before a number is compared with these.
SPELT_VOLUMES = ("vol", "volume", "book", "part")
# An issue is only a part of a volume.
ISSUE = "issue"

# A subtitle with a number and one of these words names a series.
SERIES = _set("series trilogy saga chronicles cycle quartet duology novels mysteries thrillers universe")

# A collection of several books is none of them.
SEVERAL = frozenset({"boxset", "omnibus", "bundle", "trilogy", "tetralogy", "quartet", "duology"})
# In brackets "trilogy" names a series, not a collection.
SEVERAL_IN_BRACKETS = frozenset({"boxset", "omnibus", "bundle"})
# Works about a work, whose titles begin with the title of that work.
ABOUT_WORKS = _set(
    "companion screenplay cliffsnotes sparknotes studyguide summary workbook colouringbook"
    " sampler excerpt calendar soundtrack"
)
# A work drawn as a comic, mostly by other people.
DRAWN = frozenset({"graphicnovel", "manga", "comic", "comics", "marvel"})
