"""Reports of servers on a mail that they could not deliver, or not yet (RFC 3464)."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message

from ..text.characters import clean_line
from .headers import values_of

# Characters of a server's words.
LONGEST_WORDS = 300
# Blocks of a report that are read, the first of which is not about a recipient. Our mails have one.
MOST_BLOCKS = 10
MOST_PARTS = 50


@dataclass(frozen=True)
class DeliveryReport:
    """A server's action on a mail ("failed", "delayed"), its status ("5.1.1"), and its own words."""

    action: str
    status: str
    words: str


def read_report(message: Message) -> DeliveryReport | None:
    """Return the report in a mail, that of a failure if there are several; None if there is none."""
    reports = []
    for part, _ in zip(message.walk(), range(MOST_PARTS), strict=False):
        blocks = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks, list):
            read = [block for block in blocks[:MOST_BLOCKS] if isinstance(block, Message)]
            reports += [_read(block) for block in read if "action" in block]
    return min(reports, key=lambda report: report.action != "failed", default=None)


def _read(block: Message) -> DeliveryReport:
    action, status, code = ("".join(values_of(block, name)[:1]) for name in ("action", "status",
                                                                             "diagnostic-code"))  # fmt: skip
    # "smtp; 550 5.1.1 no such mailbox"
    words = clean_line(code.partition(";")[2] or code or status)[:LONGEST_WORDS]
    return DeliveryReport(action.strip().lower(), status.split(" ")[0].strip(), words)
