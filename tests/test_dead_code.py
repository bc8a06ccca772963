"""Nothing is kept that nothing uses: neither functions nor columns that are written and never read.

A name counts as used where the package itself reads it, its templates included. What tests alone use is dead.
"""

from __future__ import annotations

import re
from pathlib import Path

from vulture import Vulture

import bookclub

ROOT = Path(bookclub.__file__).parent
# Called by what registers them.
REGISTERED = [
    "@*.route",
    "@*.get",
    "@*.post",
    "@*.command",
    "@*.group",
    "@*.errorhandler",
    "@*.before_request",
    "@*.after_request",
    "@*.teardown_request",
    "@*.teardown_appcontext",
    "@*.context_processor",
    "@*.user_loader",
    "@*.template_filter",
    "@*.connect",
    "@*.inplace.*",
    "@compiles",
    "@event.listens_for",
    "@listens_for",
    "@after_this_request",
    "@signed_in",
    "@job",
    "@mail_kind",
    "@loads",
    "@searchable",
    "@user_logged_in.connect",
    "@on_*",
]
# Read or called by a library, under a name that it decides.
FOR_LIBRARIES = {
    "app.py, for what it registers": ["registrations"],
    "click": ["exit_code"],
    "Flask and Jinja": [
        "is_json", "lstrip_blocks", "max_content_length", "max_form_memory_size", "modified",
        "request_class", "session_protection", "trim_blocks", "undefined",
    ],
    "Flask-Login and Flask-WTF": ["csrf_valid", "is_anonymous"],
    "WTForms": ["pre_validate", "process_errors", "process_formdata", "validate_*"],
    "SQLAlchemy": [
        "cache_ok", "impl", "inherit_cache", "isolation_level", "process_bind_param", "process_result_value",
    ],
    "markdown-it": ["parse", "scanDelims"],
    "waitress": [
        "body_rcv", "channel_class", "completed", "connection_close", "expect_continue", "maintenance",
        "task_class",
    ],
    "io and zipfile": ["external_attr", "readinto"],
    "flask.g, read with get()": ["commits_begun", "commits_ended"],
}  # fmt: skip


def unused(*folders: Path) -> list[str]:
    """Names in these folders that nothing in them reads, with the files that define them."""
    names = [name for names in FOR_LIBRARIES.values() for name in names]
    finder = Vulture(ignore_names=names, ignore_decorators=REGISTERED)
    finder.scavenge(list(folders))
    in_templates = {
        word
        for folder in folders
        for file in folder.rglob("*.html")
        for word in re.findall(r"[A-Za-z_]\w*", file.read_text("utf-8"))
    }
    return [
        f"{item.filename.name}: {item.typ} {item.name}"
        for item in finder.get_unused_code(min_confidence=60)
        if item.name not in in_templates
    ]


def test_everything_that_is_defined_is_used():
    assert unused(ROOT) == []


def test_what_nothing_uses_is_found(tmp_path):
    (tmp_path / "models.py").write_text("class Thread:\n    version = 1\n    title = ''\n    floor = 0\n")
    (tmp_path / "actions.py").write_text(
        "from .models import Thread\n\ndef lock(thread: Thread):\n    thread.version = thread.floor\n"
    )
    (tmp_path / "show.html").write_text("{{ thread.title }}")

    assert sorted(set(unused(tmp_path))) == [
        "actions.py: attribute version",
        "actions.py: function lock",
        "models.py: variable version",
    ]
