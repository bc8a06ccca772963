"""Libraries that members bring, from the rows of a file to what became of them."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from bookclub.extensions import begin_write, db, utcnow
from bookclub.imports import actions as imports_actions
from bookclub.imports.models import Import, ImportRow
from bookclub.jobs import run_due_jobs
from bookclub.lib.library_files.entries import ForeignLibrary, Form, LibraryEntry


@pytest.fixture
def bring(app, monkeypatch):
    """``bring(bob, entry, …)`` stages a file of these rows for Bob; its id."""

    def bring(member, *rows, form=Form.GOODREADS):
        monkeypatch.setattr(
            imports_actions, "open_library", lambda _file, name: ForeignLibrary(form, iter(rows))
        )
        with app.app_context(), imports_actions.spool_file(BytesIO(), "library.csv") as read:
            begin_write()
            brought = imports_actions.stage(member.id, read, utcnow())
            db.session.commit()
            return brought.id

    return bring


@pytest.fixture
def take_in(app, bring):
    """The same, started and worked off: what came of the rows, as (state, why), in their order."""

    def take_in(member, *rows, form=Form.GOODREADS):
        import_id = bring(member, *rows, form=form)
        with app.app_context():
            begin_write()
            imports_actions.start(db.session.get_one(Import, import_id))
            db.session.commit()
        run_due_jobs(app, utcnow())
        return outcomes(app, import_id)

    return take_in


@pytest.fixture
def take_file(app):
    """``take_file(bob, text, name)`` imports the text of a file for Bob; its rows and their outcome."""

    def take_file(member, text, name, **choices):
        with app.app_context(), imports_actions.spool_file(BytesIO(text.encode()), name) as read:
            begin_write()
            brought = imports_actions.stage(member.id, read, utcnow())
            if choices:
                imports_actions.choose(brought, {}, **choices)
            imports_actions.start(brought)
            db.session.commit()
            import_id = brought.id
        run_due_jobs(app, utcnow())
        return finished_rows(app, import_id)

    return take_file


def finished_rows(app, import_id):
    with app.app_context():
        assert db.session.get_one(Import, import_id).state == "finished"
        rows = select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.number)
        found = db.session.execute(rows).scalars().all()
        db.session.expunge_all()
        return found


def outcomes(app, import_id):
    return [(row.state, row.reason) for row in finished_rows(app, import_id)]


def entry(number=2, title="Emma", author="Jane Austen", **said):
    return LibraryEntry(number=number, title=title, authors=(author,), **said)
