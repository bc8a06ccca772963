"""The command recount: a downloaded ballots.csv is checked without a club, a database or the network."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bookclub.cli.main import main
from bookclub.lib.tally.ballots import Cast
from bookclub.lib.tally.count import count
from bookclub.lib.tally.lots import draw_lots, make_receipt, sha256_hex
from bookclub.lib.tally.papers import Paper, write
from tests.running import COMMAND, environment

SECRET = "5e" * 32


def published(*rankings, titles=("Emma", "Dune", "Kim"), method="ranked", **changes):
    """The paper of a round with these ballots, with the result that they give."""
    casts = tuple(Cast(make_receipt(bytes([number]) * 8), ranking) for number, ranking in enumerate(rankings))
    named = dict(enumerate(titles, 1))
    paper = Paper(
        title="What we read in spring",
        method=method,
        secrecy="private",
        quorum=50,
        electorate=8,
        lot=SECRET,
        lot_hash=sha256_hex(SECRET),
        titles=named,
        readers=dict.fromkeys(named, 2),
        withdrawn=changes.get("withdrawn", ()),
        casts=casts,
        winner=None,
        outcome="void",
        withheld=False,
    )
    found = count(paper.election())
    return replace(
        paper, **{"winner": found.winner, "outcome": found.outcome, "digest": found.digest, **changes}
    )


CLEAR = published({1: 1}, {1: 1, 2: 2}, {2: 1, 1: 2}, {3: 1, 1: 1}, {})
TIED = published({1: 1}, {1: 1}, {2: 1}, {2: 1})


@pytest.fixture
def recount(tmp_path):
    """``recount(text)`` runs the command on a file with this text; its exit status and what it said."""

    def recount(text):
        file = tmp_path / "ballots.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        result = CliRunner().invoke(main, ["recount", str(file)])
        return result.exit_code, result.output

    return recount


def test_a_result_that_stands_is_confirmed_with_what_was_done(recount):
    status, said = recount(write(CLEAR))

    assert status == 0
    assert said.startswith("What we read in spring: 5 ballots on 3 books\n")
    assert "5 of 8 voted; the quorum is 50 %." in said
    assert f"The lot fits its hash, which the round's page shows from the start: {sha256_hex(SECRET)}" in said
    assert f"The digest of the ballots, which the page shows since the close: {CLEAR.digest}" in said
    assert "1. Head to head: 3 books were compared in pairs." in said
    assert "*Emma* beats every other book head to head: 3 to 1 against *Dune*" in said
    assert said.endswith("\nThe result in the file is right.\n")


def test_a_lot_is_shown_with_what_each_book_drew(recount):
    drawn = draw_lots(SECRET, TIED.digest, [1, 2])
    status, said = recount(write(TIED))

    assert status == 0
    assert "4. The lot was drawn for *Emma* and *Dune*." in said
    lines = [f"   {drawn[book]} for *{TIED.titles[book]}*" for book in sorted(drawn, key=drawn.get)]
    assert "\n".join(lines) in said
    assert TIED.winner == min(drawn, key=drawn.get)


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        (replace(CLEAR, winner=2), "The result does not fit: the file names *Dune* (decided)."),
        (
            replace(CLEAR, winner=None, outcome="void"),
            "The result does not fit: the file names no winner (void).",
        ),
        (replace(CLEAR, outcome="broken"), "The result does not fit: the file names *Emma* (broken)."),
        (replace(CLEAR, lot="5f" * 32), "The lot does not fit"),
        (replace(CLEAR, casts=CLEAR.casts[1:]), "The ballots do not fit"),
        (replace(CLEAR, electorate=11), "The result does not fit"),
    ],
)
def test_what_does_not_fit_is_said(recount, paper, sentence):
    status, said = recount(write(paper))

    assert status == 1
    assert sentence in said
    assert "The result in the file is right." not in said


def test_a_round_below_its_quorum_has_no_winner(recount):
    status, said = recount(write(replace(CLEAR, electorate=11, winner=None, outcome="no_quorum")))

    assert status == 0
    assert "No book wins: 5 ballots were cast, and that is fewer than this round asks for." in said
    assert "Head to head" not in said


def test_a_winner_that_was_withdrawn_is_left_out(recount):
    status, said = recount(write(published({1: 1, 2: 2}, {1: 1}, {2: 1, 3: 2}, {1: 1}, withdrawn=(1,))))

    assert status == 0
    assert "Withdrawn after the close, and left out: *Emma*." in said
    assert "*Dune* beats *Kim* head to head: 2 to 0." in said


def test_approvals_and_answers_are_recounted(recount):
    assert (
        "*Emma* beats the other books, with a tick on 2 of 4 ballots."
        in recount(write(published({1: 1}, {1: 1}, {2: 1}, {}, method="approval")))[1]
    )
    status, said = recount(write(published({1: 1}, {1: 0}, {1: 0}, {1: 0}, titles=["Emma"])))
    assert (status, "The club says no to *Emma*: 1 to 3." in said) == (0, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (write(replace(CLEAR, withheld=True)), "this result cannot be checked"),
        (write(CLEAR)[:-2] + "x\n", "Line "),
        (write(CLEAR).encode("utf-16"), "That is no text in UTF-8."),
        (b"\x00" * 100, "That cannot be read."),
        ("", "That cannot be read."),
    ],
)
def test_what_cannot_be_checked_is_told_apart_from_what_is_wrong(recount, text, sentence):
    status, said = recount(text)

    assert status == 2
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_a_file_that_is_not_there_is_said_in_a_line(tmp_path):
    result = CliRunner().invoke(main, ["recount", str(tmp_path / "none.csv")])

    assert result.exit_code == 2
    assert "No such file" in result.output


def test_it_runs_without_a_club_from_standard_input_on_a_terminal_with_few_letters(tmp_path):
    paper = replace(CLEAR, titles={**CLEAR.titles, 1: "Война и мир ½"})
    watch = (
        "import sys, atexit\n"
        "atexit.register(lambda: print({'flask', 'bookclub.extensions'} & sys.modules.keys() or 'no club'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch + COMMAND[-1], "recount", "-"],
        input=write(paper).encode(),
        env={**environment(), "PYTHONIOENCODING": "ascii"},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert done.stderr == b""
    assert done.returncode == 0
    assert done.stdout.decode("ascii").splitlines()[-2:] == [
        "The result in the file is right.",
        "no club",
    ]
    assert list(tmp_path.iterdir()) == []
