"""The published paper of a round, ballots.csv: written without names, so that anyone can recount it.

Lines ``# key: value`` come first, with the question and the lot. Then come the ballots as CSV, one a line,
with their receipts and sorted by them. A cell holds a place (1, 2, …), 1 for an approval, yes or no for a
single nomination, and nothing if the ballot leaves the nomination out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..text.messages import gettext as _
from .ballots import FIELD, BallotError, Cast, Ranking, kind_of, read_ballot, reduce_ranking
from .count import Election
from .lots import RECEIPT
from .paper_head import SEPARATORS, Head, PaperError, clean_value, read_head_line, row
from .states import METHODS, OUTCOMES, SECRECIES

# The file is the same in every language.
WITHHELD = "fewer than five private ballots"
UNTITLED = "untitled"


@dataclass(frozen=True)
class Paper:
    """Published facts of a closed round, which are all that a recount needs.

    ``titles`` and ``readers`` cover all nominations on the ballots; ``withdrawn`` are those that were
    withdrawn after the close, which a recount leaves out. ``lot`` is the secret, ``digest`` the one on the
    round's page for the ballots as they are counted; both are None if they are withheld.
    """

    title: str
    method: str
    secrecy: str
    quorum: int
    electorate: int
    lot: str | None
    lot_hash: str
    titles: Mapping[int, str]
    readers: Mapping[int, int]
    withdrawn: tuple[int, ...]
    casts: tuple[Cast, ...]
    winner: int | None
    outcome: str
    withheld: bool
    digest: str | None = None

    @property
    def nominations(self) -> tuple[int, ...]:
        """Nominations that a recount counts."""
        return tuple(sorted(self.titles.keys() - set(self.withdrawn)))

    def election(self) -> Election:
        """Return the election for a recount."""
        return Election(self.method, self.nominations, self.casts, self.readers, self.lot or "")


def write(paper: Paper) -> str:
    """Write a paper as the text of ballots.csv, without names; a withheld paper has no ballots."""
    nominations = sorted(paper.titles)
    lines = {
        "title": clean_value(paper.title) or UNTITLED,
        "method": paper.method,
        "secrecy": paper.secrecy,
        "quorum": f"{paper.quorum}%",
        "electorate": str(paper.electorate),
        "lot hash": paper.lot_hash,
    }
    if paper.withheld:
        lines["withheld"] = WITHHELD
    else:
        lines |= {"lot": paper.lot or "", "digest": paper.digest or ""}
    for nomination in nominations:
        lines[f"nomination {nomination}"] = clean_value(paper.titles[nomination]) or UNTITLED
        lines[f"readers {nomination}"] = str(paper.readers.get(nomination, 0))
    lines["withdrawn"] = " ".join(map(str, sorted(paper.withdrawn)))
    lines["outcome"] = paper.outcome
    lines["winner"] = "" if paper.winner is None else str(paper.winner)
    text = io.StringIO()
    # Empty values have no line, so the reader treats them as missing.
    text.writelines(f"# {key}: {clean_value(value)}\n" for key, value in lines.items() if clean_value(value))
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["receipt", *(f"{FIELD}{nomination}" for nomination in nominations)])
    if not paper.withheld:
        # Sorted by receipt, so that the order does not show who voted when.
        for cast in sorted(paper.casts, key=lambda cast: cast.receipt):
            ranking = reduce_ranking(cast.ranking, nominations)
            rows.writerow([cast.receipt, *_write_cells(ranking, nominations)])
    return text.getvalue()


def _write_cells(ranking: Ranking, nominations: Sequence[int]) -> Iterator[str]:
    for nomination in nominations:
        place = ranking.get(nomination)
        if len(nominations) == 1:
            yield {None: "", 0: "no"}.get(place, "yes")
        else:
            yield "" if place is None else str(place)


def read(text: str) -> Paper:
    """Read a paper, also after a spreadsheet has saved it again. Raises PaperError."""
    values: dict[str, tuple[str, int]] = {}
    # Spreadsheets may begin the file with a byte order mark and end lines in any way.
    lines = enumerate(re.split("\r\n|\r|\n", text.removeprefix("\ufeff")), 1)
    for number, line in lines:
        # A spreadsheet may have put the line between quotation marks.
        if line.lstrip('"').startswith("#"):
            key, value = read_head_line(line, number)
            if key in values:
                raise PaperError(_("“%(key)s” stands here for the second time.", key=key), number)
            values[key] = value, number
        elif line.strip(f"{SEPARATORS} "):
            break  # The names of the columns end the head.
    else:
        raise PaperError(_("There is no line that starts with “receipt”, and so there are no ballots."))
    if not values:
        raise PaperError(_("This is not a round’s ballots.csv: that starts with lines such as “# title: …”."))
    head = Head(values)
    nominations = head.nominations()
    method = head.one_of("method", METHODS)
    columns, separator = _read_columns(line, number, nominations)
    casts = tuple(_read_casts(lines, columns, separator, kind_of(method, nominations)))
    withheld = "withheld" in values
    if withheld and casts:
        raise PaperError(
            _("The file says that its ballots are withheld, and yet there are some."), number + 1
        )
    return Paper(
        title=head.text("title"),
        method=method,
        secrecy=head.one_of("secrecy", SECRECIES),
        quorum=head.number("quorum"),
        electorate=head.number("electorate"),
        lot=None if withheld else head.text("lot"),
        lot_hash=head.text("lot hash"),
        titles={nomination: head.text(f"nomination {nomination}") for nomination in nominations},
        readers={nomination: head.number(f"readers {nomination}") for nomination in nominations},
        withdrawn=head.those("withdrawn", nominations),
        casts=casts,
        winner=next(iter(head.those("winner", nominations)), None),
        outcome=head.one_of("outcome", OUTCOMES),
        withheld=withheld,
        digest=None if withheld else head.optional("digest"),
    )


def _read_columns(line: str, number: int, nominations: Sequence[int]) -> tuple[list[str], str]:
    """Read the names of the columns, one for each nomination after "receipt", and their separator."""
    first = re.match('"?receipt"?([,;\t]|$)', line)
    if not first:
        raise PaperError(_("After the lines with # comes one that starts with “receipt,”."), number)
    # A paper without nominations has this column alone, and no separator.
    separator = first[1] or ","
    columns = row(line.rstrip(f"{SEPARATORS} "), number, separator)
    expected = {f"{FIELD}{nomination}" for nomination in nominations}
    for column in columns[1:]:
        if column not in expected:
            raise PaperError(_("One column belongs to no nomination, or stands here twice."), number)
        # It is removed, so that the same column is refused when it comes again.
        expected.remove(column)
    if expected:
        raise PaperError(
            _("The column %(name)s is missing, or the line was cut off.", name=min(expected)), number
        )
    return columns, separator


def _read_casts(
    lines: Iterator[tuple[int, str]], columns: Sequence[str], separator: str, kind: str
) -> Iterator[Cast]:
    """Read the ballots from the lines after the names of the columns."""
    nominations = [int(column.removeprefix(FIELD)) for column in columns[1:]]
    seen = set()
    for number, line in lines:
        if not line.strip(f"{SEPARATORS} "):
            continue
        cells = row(line, number, separator)
        # Spreadsheets may add empty cells at the end of a line, which are harmless.
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            raise PaperError(_("This line does not have one cell for each column."), number)
        receipt = cells[0]
        if not RECEIPT.fullmatch(receipt):
            raise PaperError(_("A ballot starts with its receipt, such as 7Q2M-8RZX-K4TB."), number)
        if receipt in seen:
            raise PaperError(
                _("There is a second ballot with the receipt %(receipt)s.", receipt=receipt), number
            )
        seen.add(receipt)
        try:
            typed = dict(zip(columns[1:], cells[1:], strict=False))
            yield Cast(receipt, read_ballot(typed, nominations, kind))
        except BallotError as problem:
            raise PaperError(str(problem), number) from None
