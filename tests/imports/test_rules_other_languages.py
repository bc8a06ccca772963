"""Days, years, shelves, articles, genres and misread letters, as libraries of many languages write them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from bookclub.imports.shelf_choices import status_of
from bookclub.lib.library_files.columns import column_name
from bookclub.lib.library_files.days import day_from, is_day_first
from bookclub.lib.library_files.mojibake import repair_mojibake
from bookclub.lib.library_files.names import with_article_in_front
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.library_files.shelves import MEANINGS, meaning_of
from bookclub.lib.library_files.values import is_yes, year_from

SEVENTH = date(2019, 3, 7)


def only(text):
    (entry,) = open_library(BytesIO(text.encode())).rows
    return entry


@pytest.mark.parametrize(
    "text",
    [
        "-1200",
        "−1200",
        "–1200",
        "-01200",
        "-1200.0",
        "-1200-01-01",
        "1200 BC",
        "1200BC",
        "1200 B.C.E.",
        "BC 1200",
        "ca. 1200 v. Chr.",
        "1200 v.u.Z.",
        "1200 vor Christus",
        "1200 av. J.-C.",
        "1200 avant J.-C.",
        "1200 a.C.",
        "1200 a. de C.",
        "1200 antes de Cristo",
        "1200 avanti Cristo",
        "1200 v.o.t.",
        "1200 f. Kr.",
        "1200 eKr.",
        "1200 p.n.e.",
        "1200 př. n. l.",
        "1200 до н. э.",
        "MÖ 1200",
        "紀元前1200年",
        "公元前1200年",
        "1200 (B.C.)",
    ],
)
def test_a_year_before_our_era_is_negative_in_any_language(text):
    assert year_from(text) == -1200


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Vancouver, B.C. : Loom Press, 1979", 1979),
        ("A. C. Roe & Sons, 1979", 1979),
        ("1978 [i.e. 1979]", 1978),
        ("1979-1980", 1979),
        ("12-1979", 1979),
        ("AD 750", 750),
        ("1979.0", 1979),
    ],
)
def test_a_year_of_our_era_stays_positive(text, year):
    assert year_from(text) == year


@pytest.mark.parametrize(
    "text",
    [
        "7. März 2019",
        "7. Mrz. 2019",
        "7 mars 2019",
        "7 de marzo de 2019",
        "7 marzo 2019",
        "7 maart 2019",
        "7 de março de 2019",
        "7 marca 2019",
        "7 марта 2019 г.",
        "2019年3月7日",
        "2019년 3월 7일",
        "jeu., 7 mars 2019",
        "43531",
        "43531.5",
        "1551916800",
        "1551916800000",
    ],
)
def test_a_day_is_read_in_any_language_and_as_programs_count(text):
    assert day_from(text) == SEVENTH


@pytest.mark.parametrize(
    "cell",
    [
        "2019-03-01 - 2019-03-07",
        "2019-03-01..2019-03-07",
        "2019-03-01→2019-03-07",
        "2019-03-01 bis 2019-03-07",
        "01.03.2019-07.03.2019",
        "01.03.2019 – 07.03.2019",
        "March 1, 2019 - March 7, 2019",
        "['2019-03-01 to 2019-03-07']",
        "1 mars 2019 au 7 mars 2019",
        "1. März 2019 bis 7. März 2019",
        "03/01/2019 - 03/07/2019",
        "2019-03-01/2019-03-07",
    ],
)
@pytest.mark.parametrize("column", ["read_dates", "Dates Read", "Date Read"])
def test_a_range_of_days_is_one_time_of_reading(column, cell):
    entry = only(f'Title,Author,Exclusive Shelf,{column}\nLooms,Jane Roe,read,"{cell}"\n')

    assert entry.times == ((date(2019, 3, 1), SEVENTH),)
    assert entry.problems == ()


@pytest.mark.parametrize(
    "cell",
    [
        "['2019-03-07', '2021-05-06']",
        '[""2019-03-07"", ""2021-05-06""]',
        "2019-03-07 and 2021-05-06",
        "March 7, 2019; May 6, 2021",
        "March 7, 2019, May 6, 2021",
        "2019/03/07|2021/05/06",
        "7.3.2019, 6.5.2021",
    ],
)
@pytest.mark.parametrize("column", ["read_dates", "Date Finished"])
def test_several_days_are_several_times_of_reading(column, cell):
    entry = only(f'Title,Author,Exclusive Shelf,{column}\nLooms,Jane Roe,read,"{cell}"\n')

    assert entry.times == ((None, SEVENTH), (None, date(2021, 5, 6)))
    assert entry.problems == ()


def test_ranges_tell_the_order_of_day_and_month_too():
    assert is_day_first(["07/03/2019 - 25/03/2019"])


@pytest.mark.parametrize(
    "word", ["false", "FALSE", "0", "", "no", "nein", "falsch", "faux", "falso", "нет", "null"]
)
def test_no_is_understood(word):
    assert not is_yes(word)


@pytest.mark.parametrize(
    ("meaning", "shelves"),
    [
        (
            "to_read",
            "wunschzettel merkliste möchte-ich-noch-lesen liste-de-souhaits lista-de-deseos desideri"
            " verlanglijst quero-ler önskelista ønskeliste toivelista lista-życzeń список-желаний"
            " okunacaklar kívánságlista chci-číst de-citit προς-ανάγνωση 想看 ほしい物リスト wanted",
        ),
        ("reading", "gerade-lese-ich in-corso en-lectura okuyorum olvasom čtu citesc διαβάζω 在看"),
        ("finished", "ausgelesen j-ai-lu he-leído già-letto concluídos okudum elolvastam přečteno 看过"),
        ("did_not_finish", "weggelegt lâché a-medias interrotto afgebroken yarım-bıraktım nedočteno 弃读"),
    ],
)
def test_a_shelf_means_the_same_in_more_languages(meaning, shelves):
    assert [(name, meaning_of(name)) for name in shelves.split()] == [
        (name, meaning) for name in shelves.split()
    ]


def test_no_name_of_a_shelf_means_two_things():
    names = [column_name(name) for names in MEANINGS.values() for name in names]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


@pytest.mark.parametrize("column", ["Genres", "Genre", "Tags", "Bookshelves", "Shelves"])
@pytest.mark.parametrize(
    "cell", ["Yarn|637;Dnf|12;Epic|3", "Yarn|637,Dnf|12,Epic|3", "Yarn|637|Dnf|12|Epic|3"]
)
def test_votes_are_no_tags_and_others_shelves_no_status(column, cell):
    entry = only(f'Title,Author,Exclusive Shelf,{column}\nLooms,Jane Roe,read,"{cell}"\n')

    assert entry.tags == ("Yarn", "Epic")
    assert status_of(entry, {}) == "finished"


@pytest.mark.parametrize(
    "cell",
    [
        "Yarn (637), Dnf (12)",
        "['Yarn', 'Dnf']",
        '[""Yarn"", ""Dnf""]',
        "Yarn 637 users;Dnf 12 users",
        "Yarn:637;Dnf:12",
        "Yarn=637, Dnf=12",
        "Yarn - 637, Dnf - 12",
        "Yarn; To Read; Currently Reading",
    ],
)
def test_genres_are_read_however_their_votes_are_written(cell):
    entry = only(f'Title,Author,Exclusive Shelf,Genres\nLooms,Jane Roe,read,"{cell}"\n')

    assert entry.tags == ("Yarn",)
    assert status_of(entry, {}) == "finished"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Étranger, L'", "L'Étranger"),
        ("Amica, L’", "L’Amica"),
        ("Vävstol, Den", "Den Vävstol"),
        ("Hus, Det", "Det Hus"),
        ("Tear, O", "O Tear"),
        ("Tecedeiras, As", "As Tecedeiras"),
        ("Huis, 't", "'t Huis"),
        ("Weberin, Eine: Roman", "Eine Weberin: Roman"),
        ("Loom, The; or, Threads", "The Loom; or, Threads"),
        ("Loom, The - A Story", "The Loom - A Story"),
        ("Loom, The, Vol. 2", "The Loom, Vol. 2"),
        ("Loom,The", "The Loom"),
        # A number, or no article at all
        ("Loom, I", "Loom, I"),
        ("Loom, Theory", "Loom, Theory"),
        ("Warp, Weft, and The", "Warp, Weft, and The"),
    ],
)
def test_an_article_of_any_language_stands_in_front(written, meant):
    assert with_article_in_front(written) == meant


@pytest.mark.parametrize(
    "meant",
    [
        "Życie",
        "łódź",
        "Čapek",
        "Žižek",
        "şehir ışık",
        "Книга",
        "Τα νήματα",
        "Été",
        "Österreich",
        "São Paulo",
        "naïve",
        "Roe’s Loom",
        "織機入門",
        "Łódź – город",
        "Perché no? — Sì",
    ],
)
def test_text_that_was_misread_is_put_right_in_any_script(meant):
    misread = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in meant.encode())
    assert misread != meant

    assert repair_mojibake(misread) == meant
    assert repair_mojibake(meant) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Ã la carte", "à la carte"),
        ("â€œLoomsâ€", "“Looms”"),
        ("La cittÃ: note", "La città: note"),
        ("Götterdämmerung", "Götterdämmerung"),
        ("SMÅ–STORA", "SMÅ–STORA"),
        ("«CAFÉ»", "«CAFÉ»"),
        ("AÑO “NUEVO”", "AÑO “NUEVO”"),
    ],
)
def test_what_was_trimmed_is_put_right_and_what_is_right_stays(written, meant):
    assert repair_mojibake(written) == meant
