"""The typographic covers: stable, different, well formed, legible and small."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from bookclub.lib.covers.cover import EMBLEMS, HEIGHT, ORNAMENTS, PALETTES, WIDTH, draw_cover
from bookclub.lib.covers.shapes import Box, Seed
from bookclub.lib.covers.typography import clean_cover_text, initial, measure, set_lines, split_clusters

ISHIGURO = [
    "A Pale View of Hills",
    "An Artist of the Floating World",
    "The Remains of the Day",
    "The Unconsoled",
    "When We Were Orphans",
    "Never Let Me Go",
    "Nocturnes",
    "The Buried Giant",
    "Klara and the Sun",
]
NASTY = [
    ("", ""),
    ("   ", "\t\n"),
    ("<script>alert(1)</script>", "\"><image href='x' onerror='y'/>"),
    ('Tom & Jerry\'s "Best" ]]>', "A & B"),
    ("nul\0bell\x07form\x0cfeed\x1b[31m", "lone \ud800 surrogate \uffff"),
    ("override \u202egnorw\u202c", "zero\u200bwidth"),
    ("W" * 500, "M" * 500),
    ("a very long title " * 40, "somebody; " * 40),
    ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "Anon"),
    ("吾輩は猫であるという題のとても長い小説の第一巻から第三巻まで", "夏目漱石"),
    ("ألف ليلة وليلة", "مجهول"),
    ("😀👩‍👩‍👧‍👦🇯🇵🎉" * 9, "👍🏽"),
    ("Z̸̢̛̛̗͖̜̐̌̓a̵̡͕̒l̶͓̃g̸o̶" * 5, "é̀̂̃"),
    ("İstanbul ß ﬁ", "ŉ ǰ ΐ"),
]


def luminance(ink: str) -> float:
    """The relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    parts = (int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_same_book_always_has_the_same_cover():
    assert draw_cover("Emma", "Jane Austen") == draw_cover("Emma", "Jane Austen")
    assert draw_cover(" Emma\n", "Jane  Austen") == draw_cover("Emma", "Jane Austen")


def test_no_two_novels_of_an_author_look_the_same_without_their_words():
    def drawing(title: str) -> str:
        root = ElementTree.fromstring(draw_cover(title, "Kazuo Ishiguro"))
        return "".join(ElementTree.tostring(part, "unicode") for part in root if part.tag != "text")

    drawings = [drawing(title) for title in ISHIGURO]

    assert len(set(drawings)) == len(ISHIGURO)


def test_two_books_of_one_title_by_different_authors_differ():
    assert draw_cover("Home", "Marilynne Robinson") != draw_cover("Home", "Toni Morrison")


@pytest.mark.parametrize(("title", "author"), NASTY)
def test_a_cover_is_well_formed_and_bounded_whatever_the_words(title, author):
    drawn = draw_cover(title, author, label=f"Cover of {title}")
    root = ElementTree.fromstring(drawn)

    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert len(drawn.encode()) < 6000
    assert {part.tag for part in root.iter()} <= {"svg", "rect", "path", "text", "tspan"}
    assert not any("style" in part.attrib or "id" in part.attrib for part in root.iter())


def test_covers_of_ordinary_books_are_small():
    sizes = [
        len(draw_cover(title, f"Author {number}").encode()) for title in ISHIGURO for number in range(60)
    ]

    assert max(sizes) < 3400
    assert sum(sizes) / len(sizes) < 1600


def test_a_cover_without_a_label_is_an_ornament_and_one_with_a_label_is_an_image():
    assert ElementTree.fromstring(draw_cover("Emma", "Jane Austen")).get("aria-hidden") == "true"
    labelled = ElementTree.fromstring(draw_cover("Emma", "Jane Austen", label='Cover of "Emma"'))
    assert (labelled.get("role"), labelled.get("aria-label")) == ("img", 'Cover of "Emma"')


@pytest.mark.parametrize("palette", PALETTES)
def test_words_stand_out_from_their_ground(palette):
    assert contrast(palette.text, palette.ground) >= 7


@pytest.mark.parametrize(("title", "author"), [*NASTY, *((title, "Kazuo Ishiguro") for title in ISHIGURO)])
def test_lines_stay_inside_the_cover_and_below_each_other(title, author):
    root = ElementTree.fromstring(draw_cover(title, author))
    rows = []
    for text in root.iter("text"):
        heights = [float(span.get("y", "0")) for span in text.iter("tspan")]
        rows.extend(heights)
        assert all(later > earlier for earlier, later in pairwise(heights))

    assert all(8 < row < HEIGHT for row in rows)


@pytest.mark.parametrize("kind", [*ORNAMENTS, *EMBLEMS])
@pytest.mark.parametrize("box", [Box(6, 112, 154, 128), Box(14, 8, 138, 40), Box(48, 100, 70, 20)])
def test_every_ornament_draws_something_well_formed_in_any_box(kind, box):
    drawn = kind(Seed(bytes(range(7, 71))), box, "#111111", "#222222")

    assert "<path" in drawn
    assert len(ElementTree.fromstring(f"<svg>{drawn}</svg>")) >= 1
    assert "nan" not in drawn


def test_a_setting_fits_its_box():
    for text in ("Emma", "An Artist of the Floating World", "word " * 200, "W" * 90, "雪国"):
        setting = set_lines(text, 120, 80, largest=30, smallest=11)

        assert setting.height <= 80.01
        assert all(measure(line) * setting.size <= 120.01 for line in setting.lines)


def test_words_that_do_not_fit_end_in_an_ellipsis():
    assert set_lines("word " * 200, 120, 80, largest=30, smallest=11).lines[-1].endswith("…")


def test_an_emoji_family_a_flag_and_an_accent_are_never_broken():
    assert split_clusters("👩‍👧🇯🇵e\u0301x") == ["👩‍👧", "🇯🇵", "e\u0301", "x"]


def test_cleaning_keeps_every_script_and_drops_what_xml_refuses():
    assert clean_cover_text(" Война  и\nмир 👩‍👧 ") == "Война и мир 👩‍👧"
    assert clean_cover_text("a\0b\ud800c\uffffd\u202ee") == "abcde"


def test_the_initial_leaves_an_article_out():
    titles = ("The Unconsoled", "An Artist", "“Emma”", "雪国", "…", "")

    assert [initial(title) for title in titles] == ["U", "A", "E", "雪", "", ""]
