"""The command `recount`: count a published ballots.csv again, without a database.

It prints what it checked and did, step by step. It exits with 0 if the result in the file is right, with 1 if
it is wrong or the lot is not the one that was promised, and with 2 if there is nothing that it can check.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from ..lib.tally.count import Count
    from ..lib.tally.papers import Paper

# In bytes: more than the ballots of any club. A larger file is not read to its end.
LARGEST = 100_000_000


class RecountError(click.ClickException):
    """A file that cannot be read or has nothing to check, said in one line."""

    exit_code = 2


@click.command()
@click.argument("file", type=click.File("rb"))
def recount(file: BinaryIO) -> None:
    """Count a round's ballots.csv again, and say what happened. FILE may be - for standard input."""
    from ..lib.tally.paper_head import PaperError
    from ..lib.tally.papers import read

    # One byte more than is allowed tells if there is more.
    sent = file.read(LARGEST + 1)
    if len(sent) > LARGEST:
        raise RecountError("That is too large for the ballots of a club.")
    try:
        paper = read(sent.decode())
    except UnicodeDecodeError:
        raise RecountError("That is no text in UTF-8. Download ballots.csv again.") from None
    except PaperError as problem:
        raise RecountError(f"That cannot be read. {problem}") from None
    if paper.withheld:
        raise RecountError(
            "There is nothing to count: fewer private ballots were cast than are published, since they"
            " would tell who voted how. So this result cannot be checked."
        )
    count = recount_ballots(paper)
    problems = list(problems_of(paper, count))
    encoding = sys.stdout.encoding or "utf-8"
    for line in (*account_of(paper, count), "", *(problems or ["The result in the file is right."])):
        # A title may contain letters that this terminal cannot show.
        click.echo(line.encode(encoding, "replace").decode(encoding))
    raise SystemExit(1 if problems else 0)


def recount_ballots(paper: Paper) -> Count:
    """Count these ballots by the rule that settles a round."""
    from ..lib.tally.outcomes import decide

    return decide(paper.election(), paper.electorate, paper.quorum)


def problems_of(paper: Paper, count: Count) -> Iterator[str]:
    """Yield a sentence for everything that does not fit together."""
    from ..lib.tally.lots import sha256_hex
    from ..lib.tally.titles_and_counts import title_of
    from ..lib.text.emphasis import make_sentence, plain_text

    # The hash was published before anybody voted, so a lot that was chosen later cannot have it.
    if sha256_hex(paper.lot or "") != paper.lot_hash:
        yield "The lot does not fit: its hash is another than the one in the file."
    if paper.digest is not None and paper.digest != count.digest:
        yield "The ballots do not fit: their digest is not the one in the file, so they were changed."
    # Only the file is compared with itself here; account_of() names what to compare with the round's page.
    if (count.winner, count.outcome) != (paper.winner, paper.outcome):
        named = title_of(paper.winner, paper.titles) if paper.winner is not None else "no winner"
        yield plain_text(
            make_sentence("The result does not fit: the file names ", named, f" ({paper.outcome}).")
        )


def account_of(paper: Paper, count: Count) -> Iterator[str]:
    """Yield the account of the count, line by line."""
    from ..lib.tally.lots import draw_lots, sha256_hex
    from ..lib.tally.result_text import outcome_text
    from ..lib.tally.steps import steps_text
    from ..lib.tally.titles_and_counts import title_of
    from ..lib.text.emphasis import join_list, make_sentence, plain_text
    from ..lib.text.messages import ngettext

    def titles_of(nominations: tuple[int, ...]) -> str:
        return plain_text(join_list([make_sentence(title_of(one, paper.titles)) for one in nominations]))

    ballots = ngettext("%(num)s ballot", "%(num)s ballots", count.turnout)
    books = ngettext("%(num)s book", "%(num)s books", len(paper.nominations))
    yield f"{paper.title}: {ballots} on {books}"
    yield ""
    yield f"The method is {paper.method}, the ballots were {paper.secrecy}."
    if paper.withdrawn:
        yield f"Withdrawn after the close, and left out: {titles_of(paper.withdrawn)}."
    yield f"{count.turnout} of {paper.electorate} voted; the quorum is {paper.quorum} %."
    # Only the round's page can show that the hash and the ballots in the file are the published ones.
    if sha256_hex(paper.lot or "") == paper.lot_hash:
        yield f"The lot fits its hash, which the round's page shows from the start: {paper.lot_hash}"
    yield f"The digest of the ballots, which the page shows since the close: {count.digest}"
    yield ""
    for number, sentence in enumerate(steps_text(count, paper.titles, paper.readers), 1):
        yield f"{number}. {plain_text(sentence)}"
    # Whoever doubts the lot can compute these lines by hand.
    for step in count.steps:
        if step.rule == "lot":
            drawn = draw_lots(paper.lot or "", count.digest or "", step.among)
            for nomination in sorted(drawn, key=drawn.__getitem__):
                yield f"   {drawn[nomination]} for {titles_of((nomination,))}"
    if count.steps:
        yield ""
    yield plain_text(outcome_text(count, paper.titles))
