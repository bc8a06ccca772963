"""Registries of measures, changed positions, edits and look-ups of books, for packages to their right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ..lib.positions.measures import Measures
from ..registry import Registry
from .look_ups import FoundCover, LookUp, WantedCover

# handler(book_id): return a book's measures before a change, for ``on_positions_changed``; one handler.
on_measure: Registry[[int], Measures] = Registry()
# handler(book_id, before): lengths or chapters of a book changed; ``before`` are its measures until then.
on_positions_changed: Registry[[int, Measures], None] = Registry()
# handler(now): books are about to be edited; the caller holds the writing transaction.
on_edit: Registry[[datetime], None] = Registry()
# handler(look, work, said, latest_year): a member looks a book up in other catalogues.
on_look_up: Registry[[str, str, Mapping[str, str], int], LookUp | None] = Registry()
# handler(wanted): a member asks for a cover from another catalogue; with None only if there is a catalogue.
on_cover: Registry[[WantedCover | None], FoundCover | None] = Registry()
