"""The published paper: what is on it, that it is read as it was written, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bookclub.lib.tally.ballots import Cast, close_up
from bookclub.lib.tally.count import count
from bookclub.lib.tally.lots import digest_of, make_receipt, sha256_hex
from bookclub.lib.tally.paper_head import PaperError
from bookclub.lib.tally.papers import Paper, read, write

SECRET = "5e" * 32
RECEIPTS = [make_receipt(bytes([number]) * 8) for number in range(9)]
CASTS = (
    Cast(RECEIPTS[1], {5: 1, 12: 2}),
    Cast(RECEIPTS[2], {}),
    Cast(RECEIPTS[3], {5: 2, 7: 1, 12: 2}),
)
PAPER = Paper(
    title="What we read in spring",
    method="ranked",
    secrecy="private",
    quorum=50,
    electorate=5,
    lot=SECRET,
    lot_hash=sha256_hex(SECRET),
    titles={5: "Emma", 7: "War, “Peace” and the rest", 12: 'The "Buried" Giant'},
    readers={5: 1, 7: 0, 12: 3},
    withdrawn=(),
    casts=CASTS,
    winner=7,
    outcome="decided",
    withheld=False,
    digest=digest_of(CASTS),
)
TEXT = write(PAPER)


def test_the_paper_says_what_was_asked_and_drawn_and_then_holds_the_ballots():
    assert TEXT.splitlines() == [
        "# title: What we read in spring",
        "# method: ranked",
        "# secrecy: private",
        "# quorum: 50%",
        "# electorate: 5",
        f"# lot hash: {sha256_hex(SECRET)}",
        f"# lot: {SECRET}",
        f"# digest: {digest_of(CASTS)}",
        "# nomination 5: Emma",
        "# readers 5: 1",
        "# nomination 7: War, “Peace” and the rest",
        "# readers 7: 0",
        '# nomination 12: The "Buried" Giant',
        "# readers 12: 3",
        "# outcome: decided",
        "# winner: 7",
        "receipt,rank-5,rank-7,rank-12",
        f"{RECEIPTS[1]},1,,2",
        f"{RECEIPTS[2]},,,",
        f"{RECEIPTS[3]},2,1,2",
    ]
    assert read(TEXT) == PAPER
    # Nobody can tell from the order who voted first.
    assert write(replace(PAPER, casts=CASTS[::-1])) == TEXT


titles = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)


@given(
    st.data(),
    st.sampled_from(["ranked", "approval"]),
    st.lists(st.integers(1, 10**9), unique=True, max_size=5),
)
def test_what_is_written_is_read_again(data, method, nominations):
    def ranking():
        named = data.draw(st.lists(st.sampled_from(nominations), unique=True)) if nominations else []
        if len(nominations) == 1:
            return {one: data.draw(st.integers(0, 1)) for one in named}
        places = st.integers(1, 3) if method == "ranked" else st.just(1)
        return close_up({one: data.draw(places) for one in named})

    casts = tuple(Cast(receipt, ranking()) for receipt in RECEIPTS[: data.draw(st.integers(0, 4))])
    some = st.sampled_from(nominations) if nominations else st.nothing()
    paper = replace(
        PAPER,
        title=data.draw(titles),
        method=method,
        titles={one: data.draw(titles) for one in sorted(nominations)},
        readers={one: data.draw(st.integers(0, 99)) for one in nominations},
        withdrawn=tuple(sorted(data.draw(st.sets(some)))),
        winner=data.draw(st.none() | some),
        casts=tuple(sorted(casts, key=lambda cast: cast.receipt)),
    )

    again = read(write(paper))
    assert replace(again, title="", titles={}) == replace(paper, title="", titles={})
    assert again == read(write(again))
    assert count(again.election()) == count(paper.election())
    for one, title in again.titles.items():
        assert title == " ".join(paper.titles[one].split()).rstrip(",; ") or title == "untitled"


def test_a_spreadsheet_may_have_saved_it_again():
    quoted = []
    for line in TEXT.splitlines():
        cells = line.split(",")
        cells = ['"' + cell.replace('"', '""') + '"' if '"' in cell else cell for cell in cells]
        quoted.append(",".join(cells + [""] * (6 - len(cells))))
    whole = [
        '"' + line.replace('"', '""') + '"' if line.startswith("#") else line for line in TEXT.splitlines()
    ]

    assert any(line.startswith('"') for line in quoted)
    assert quoted[1] == "# method: ranked,,,,,"
    assert read("\ufeff" + "\r\n".join(quoted) + "\r\n,,,,,\r\n") == PAPER
    assert read("\r\n".join(whole)) == PAPER
    semicolons = "\n".join(
        line if line.startswith("#") else line.replace(",", ";") for line in TEXT.splitlines()
    )
    assert read(semicolons) == PAPER
    reordered = TEXT.replace("receipt,rank-5,rank-7", "receipt,rank-7,rank-5").replace(",1,,2", ",,1,2")
    assert read(reordered.replace(",2,1,2", ",1,2,2")) == PAPER


def test_few_private_ballots_are_withheld_whatever_the_paper_holds():
    text = write(replace(PAPER, withheld=True))

    assert SECRET not in text
    assert digest_of(CASTS) not in text
    assert "# withheld: fewer than five private ballots" in text
    assert text.endswith("\nreceipt,rank-5,rank-7,rank-12\n")
    assert read(text) == replace(PAPER, withheld=True, casts=(), lot=None, digest=None)


def test_a_single_nomination_has_answers_where_others_were_struck_too():
    casts = (Cast(RECEIPTS[1], {5: 1, 7: 2}), Cast(RECEIPTS[2], {7: 0}), Cast(RECEIPTS[3], {5: 1}))
    text = write(replace(PAPER, titles={7: "Kim"}, casts=casts))

    assert [line.partition(",")[2] for line in text.splitlines()[-3:]] == ["yes", "no", ""]
    assert [cast.ranking for cast in read(text).casts] == [{7: 1}, {7: 0}, {}]


def test_a_book_struck_during_the_vote_is_not_on_the_paper():
    text = write(replace(PAPER, titles={5: "Emma", 12: "Dune"}, winner=5))
    paper = read(text)

    assert text.endswith(f"{RECEIPTS[3]},1,1\n")
    assert [cast.ranking for cast in paper.casts] == [{5: 1, 12: 2}, {}, {5: 1, 12: 1}]
    assert count(paper.election()).digest == count(replace(PAPER, titles=paper.titles).election()).digest


def test_a_book_withdrawn_after_the_close_stays_on_the_paper_and_is_not_counted():
    paper = read(write(replace(PAPER, withdrawn=(7,))))

    assert paper.withdrawn == (7,)
    assert paper.casts == CASTS
    assert paper.nominations == (5, 12)
    assert count(paper.election()).winner == 5


def test_a_title_cannot_add_a_line():
    paper = read(
        write(replace(PAPER, titles={**PAPER.titles, 5: "Emma\n# winner: 12\r\x85\u2028\x1b[2J x,, "}))
    )

    assert paper.titles[5] == "Emma # winner: 12 [2J x"
    assert paper.winner == 7


LINE = f"{RECEIPTS[3]},2,1,2"


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (TEXT, "", None, "no line that starts with “receipt”"),
        (TEXT, "<!doctype html>\n<p>Sign in</p>", None, "This is not a round’s ballots.csv"),
        (TEXT[TEXT.index("receipt") :], "", None, "no line that starts with “receipt”"),
        (LINE, f"{RECEIPTS[3]},2,1", 20, "does not have one cell for each column"),
        (LINE, f"{RECEIPTS[3]},2,1,2,3", 20, "does not have one cell for each column"),
        (LINE, RECEIPTS[3][:7], 20, "does not have one cell for each column"),
        (LINE, LINE.replace("-", "~"), 20, "starts with its receipt"),
        (LINE, LINE.replace(RECEIPTS[3], RECEIPTS[1]), 20, f"second ballot with the receipt {RECEIPTS[1]}"),
        (LINE, f"{RECEIPTS[3]},2,one,2", 20, "Type a place as a whole number from 1"),
        (LINE, f"{RECEIPTS[3]},2,4,2", 20, "Type a place as a whole number from 1"),
        (LINE, f'{RECEIPTS[3]},2,"1,2', 20, "cannot be told apart"),
        ("rank-7,rank-12\n", "rank-7,ra\n", 17, "One column belongs to no nomination"),
        ("rank-7,rank-12\n", "rank-7\n", 17, "The column rank-12 is missing"),
        ("rank-7,rank-12\n", "rank-7,rank-7,rank-12\n", 17, "or stands here twice"),
        ("rank-7,rank-12\n", "rank-7,rank-12,rank-99\n", 17, "One column belongs to no nomination"),
        ("receipt,", "Receipts|", 17, "one that starts with “receipt,”"),
        ("# winner: 7", "# winner: 6", 16, "names something that is not a nomination"),
        ("# method: ranked", "# method: loudest", 2, "“method” must be ranked or approval"),
        ("# method: ranked\n", "", None, "no line that starts with “# method:”"),
        ("# quorum: 50%", "# quorum: half", 4, "“quorum” must be a whole number"),
        ("# quorum: 50%", "# quorum: ٥٠", 4, "“quorum” must be a whole number"),
        ("# quorum: 50%", "# quorum", 4, "look like “# key: value”"),
        ("# quorum: 50%", "# winner: 5", 16, "“winner” stands here for the second time"),
        ("# nomination 7:", "# nomination seven:", 11, "A nomination has a number"),
        ("# quorum: 50%", "# quorum: 50%\n# withheld: yes", 19, "withheld, and yet there are some"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(old, new, line, sentence):
    assert old in TEXT
    with pytest.raises(PaperError) as refused:
        read(TEXT.replace(old, new))

    assert sentence in str(refused.value)
    assert refused.value.line == line
    assert str(refused.value).startswith(f"Line {line}: ") == (line is not None)


@given(st.integers(0, len(TEXT)), st.integers(0, 30), st.text(max_size=5))
@example(0, 1, "\0")
@example(TEXT.index("receipt"), 7, '"')
def test_a_damaged_paper_is_read_or_refused_and_nothing_else(start, length, instead):
    damaged = TEXT[:start] + instead + TEXT[start + length :]
    try:
        said = f"This is {read(damaged).method}."
    except PaperError as problem:
        said = str(problem)
    assert said.endswith(".")


def test_a_file_cut_off_anywhere_is_refused_or_does_not_fit_its_digest():
    for end in range(len(TEXT) - 1):
        try:
            paper = read(TEXT[:end])
        except PaperError:
            continue
        assert paper == PAPER or count(paper.election()).digest != paper.digest
