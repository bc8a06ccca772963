"""What the author of a mail wrote themselves, from what programs make of it."""

from __future__ import annotations

import time

import pytest

from bookclub.lib.mails.flowed_text import join_wrapped, unflow
from bookclub.lib.mails.html_text import text_of_html
from bookclub.lib.mails.reply_text import own_words

QUOTE = "\n> He dies\n> > in the end\n"
MINE = "I liked it.\n\nAnd the others?"


@pytest.mark.parametrize(
    "header",
    [
        "On Mon, 30 Nov 2026 at 10:00, Readers <club@example.org> wrote:",
        "On Mon, 30 Nov 2026 at 10:00, The Tuesday Readers\n<club@example.org> wrote:",
        "Am Mo., 30. Nov. 2026 um 10:00 Uhr schrieb Readers <club@example.org>:",
        "Le lun. 30 nov. 2026 à 10:00, Readers <club@example.org> a écrit :",
        "Op ma 30 nov 2026 om 10:00 schreef Readers <club@example.org>:",
        "El lun, 30 nov 2026 a las 10:00, Readers (<club@example.org>) escribió:",
        "Il giorno lun 30 nov 2026 alle ore 10:00 Readers <club@example.org> ha scritto:",
        "Em seg., 30 de nov. de 2026 às 10:00, Readers <club@example.org> escreveu:",
        "ma 30. marrask. 2026 klo 10.00 Readers (club@example.org) kirjoitti:",
        "2026年11月30日(月) 10:00 Readers <club@example.org>:",
        "-----Original Message-----\nFrom: Readers\nSent: Monday\nTo: Bob\nSubject: Emma\n",
        "From: Readers <club@example.org>\nSent: Monday\nTo: Bob\nSubject: Emma\n",
        "________________________________\nVan: Readers\nOnderwerp: Emma\n",
    ],
)
def test_a_quotation_is_cut_in_many_languages(header):
    for quote in (QUOTE, "\nHe dies.\n") if "@" in header or "From" in header else (QUOTE,):
        said = own_words(f"{MINE}\n\n{header}\n{quote}", ["club@example.org"])
        assert said == MINE


def test_an_answer_below_or_between_is_kept():
    header = "On Mon, Readers <club@example.org> wrote:\n"
    assert own_words(f"{header}> He dies.\n\n{MINE}") == MINE
    assert own_words(f"{header}> He dies.\nNo!\n> In the end.\nYes.") == "No!\nYes."
    assert own_words(f"Hello Alice,\n\n{header}> He dies.\n\nNo!\n") == "Hello Alice,\n\nNo!"
    # The tail of a quoted line that was too long is nobody's answer, if there is one above.
    assert own_words(f"No!\n\n{header}> He dies, they all\ndie.\n") == "No!"
    # Where nothing marks what is quoted, nothing below is taken.
    assert own_words(f"{header}He dies.\n\nNo!") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lovely.\n\n-- \nBob\nReaders Ltd.", "Lovely."),
        ("Lovely.\n--\nBob", "Lovely."),
        ("One\n--\n" + "more\n" * 12, "One\n--\n" + "more\n" * 11 + "more"),
        ("Lovely.\n\nSent from my iPhone", "Lovely."),
        ("Lovely.\n\nVon meinem iPhone gesendet", "Lovely.\n\nVon meinem iPhone gesendet"),
        ("Lovely.\n\nGesendet von meinem Telefon", "Lovely."),
        ("Sent from my window: snow.", "Sent from my window: snow."),
        # Words that other programs take for the end.
        ("I liked it.\n\nThanks, Alice,\nfor it.\n\nOn?", "I liked it.\n\nThanks, Alice,\nfor it.\n\nOn?"),
        ("My list:\n\n- one\n- two", "My list:\n\n- one\n- two"),
        (">!He dies!< I think.", ">!He dies!< I think."),
        ("On the whole I liked it:\nvery much.", "On the whole I liked it:\nvery much."),
        ("\n\n\n", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_signatures_go_and_words_stay(text, said):
    assert own_words(text) == said


def test_lines_that_a_program_wrapped_are_joined_and_verses_are_not():
    prose = "I have read this book three times by now, and each time I find something\nmore in it."
    assert join_wrapped(prose) == prose.replace("\n", " ")
    verse = "Tyger Tyger, burning bright,\nIn the forests of the night;"
    assert join_wrapped(verse) == verse
    listed = "I have read this book three times by now, and each time I find something\n- one more"
    assert join_wrapped(listed) == listed
    assert (
        unflow("> He \n> dies.\n I  \nlike it.\n-- \nBob", drops_spaces=False)
        == "> He dies.\nI  like it.\n-- \nBob"
    )
    assert unflow("Donau\u00ad \nschiff", drops_spaces=True) == "Donau\u00adschiff"


def test_html_keeps_what_was_typed_and_looks_as_it_did():
    assert text_of_html(
        "<!DOCTYPE html><html><head><title>x</title><style>p {}</style></head><body><!-- a > b -->"
        "<p class=MsoNormal>I <b>do</b>\r\n agree,&nbsp;||he knew||.<o:p></o:p></p>"
        "<ul><li>one</li><li>two</li></ul>"
        '<a href="https://example.org/x">here</a> and <a href="https://example.org">https://example.org</a>'
        "<script>alert(1)</script><blockquote>He dies<br>early</blockquote></body></html>"
    ) == (
        "I **do** agree, ||he knew||.\n\n- one\n- two\n\n[here](https://example.org/x) and https://example.org\n\n"
        "> He dies\n> early"
    )  # fmt: skip


@pytest.mark.parametrize(
    "line", ["Am schrieb ", "On ", "1 ", "> ", "\n", "From: \n", "<", "<b>", "<!--", "&lt;", "* "]
)
def test_no_text_takes_long(line):
    began = time.monotonic()
    own_words(line * (200_000 // len(line)), ["club@example.org"])
    own_words((line * 30 + "\n") * (200_000 // (30 * len(line))), ["club@example.org"])
    text_of_html(line * (200_000 // len(line)))
    assert time.monotonic() - began < 5
