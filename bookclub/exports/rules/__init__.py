"""What an export holds, as plain values: a library as CSV, Markdown, JSON, and links from file to file."""

from .addresses import Known, relinked
from .closing import closed
from .files import json_array, json_lines, json_object, markdown
from .library import COLUMNS, Shelved, bare, cells_of, guarded, library_csv

__all__ = (
    "COLUMNS",
    "Known",
    "Shelved",
    "bare",
    "cells_of",
    "closed",
    "guarded",
    "json_array",
    "json_lines",
    "json_object",
    "library_csv",
    "markdown",
    "relinked",
)
