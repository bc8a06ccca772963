"""The commands that have modules of their own, for main.py to register."""

from __future__ import annotations

import click

from .authors import authors
from .export import export
from .imports import import_
from .mail import mail
from .neighbours import neighbours
from .recount import recount
from .search import search
from .worker import worker

COMMANDS: list[click.Command] = [authors, recount, neighbours, worker, import_, export, mail, search]
