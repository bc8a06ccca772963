"""Stored HTML is of the present renderer, or rendered when it is read; a job brings the rows up to date."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Text, select, update
from sqlalchemy.orm import configure_mappers

from bookclub import stale_text
from bookclub.archive.json_lines import write_lines
from bookclub.archive.site import Site
from bookclub.bulk import table_of
from bookclub.extensions import Base, begin_write, db, utcnow
from bookclub.home.models import Word
from bookclub.jobs import Job, enqueue, run_due_jobs
from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer
from bookclub.lib.text import markdown
from bookclub.lib.text.markdown import RENDERER_VERSION
from bookclub.members.models import Club
from bookclub.reviews.models import ReviewRevision
from bookclub.schema import close, create_upgraded_app
from bookclub.search.actions import MERGE
from bookclub.text_columns import Rendered, rendered_again, stored_parts
from bookclub.threads.comment_queries import comment_row
from bookclub.threads.models import Comment
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread

FALSE = "<p>Ruth dies, as it was stored.</p>"
SOURCE = "Fine, [[Emma]]. <spoiler>Ruth dies.</spoiler>"


def test_each_column_of_html_has_its_version_beside_it():
    configure_mappers()
    found = {
        f"{mapper.local_table.name}.{column.name}"
        for mapper in Base.registry.mappers
        for column in mapper.local_table.columns
        if column.name.endswith("_html")
    }
    guarded = {
        f"{name}.{part.name}"
        for name, model in stale_text.rendered_models().items()
        for part in stored_parts(model)
    }

    assert found == guarded
    assert len(found) == 15
    for model in stale_text.rendered_models().values():
        assert issubclass(model, Rendered)
        assert not model.renderer_version.property.columns[0].nullable
        for part in stored_parts(model):
            assert isinstance(table_of(model).c[part.name].type, Text)


@pytest.fixture
def stale(app, save, alice, bob, olive):
    """A club whose every text was rendered by an older renderer, and to something false."""
    book = save(make_book("Emma", description=SOURCE))
    alice.about = SOURCE
    save(alice)
    thread = save(make_thread(alice, book))
    comment, review = save(make_comment(thread, alice, SOURCE)), save(make_review(alice, book, SOURCE))
    revision = ReviewRevision(review_id=review.id, title="Old", summary="", body=SOURCE, horizon=0)
    revision.prose = markdown.Prose("", "", has_spoilers=False)
    save(revision)
    save(make_reading(bob, book, position=END), Word(number=1, body=SOURCE))
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(words=SOURCE, is_public=True))
        for model in stale_text.rendered_models().values():
            false = {part.name: FALSE for part in stored_parts(model)}
            db.session.execute(update(table_of(model)).values(**false, renderer_version=0))
        db.session.execute(update(table_of(Comment)).values(has_spoilers=False))
        db.session.commit()
    return {
        "comment": f"/comments/{comment.id}",
        "thread": f"/threads/{thread.id}",
        "edit": f"/comments/{comment.id}/edit",
        "review": f"/reviews/{review.id}",
        "revisions": f"/reviews/{review.id}/revisions",
        "book": "/books/emma",
        "member": "/members/alice",
        "front": "/",
    }


PAGES = ["comment", "thread", "review", "revisions", "book", "member", "front"]


def test_no_page_serves_what_an_older_renderer_stored(visit, stale, alice, bob, olive):
    for reader in (None, olive, bob, alice):
        client = visit(reader)
        for name in PAGES:
            if reader is None and name == "member":
                continue
            page = client.get(stale[name], follow_redirects=True)
            assert page.status_code == 200, name
            assert "as it was stored" not in page.text, name
            knows = reader in (bob, alice) and name in ("comment", "thread", "review", "revisions")
            assert ("Ruth dies." in page.text) == knows, (reader, name)
    page = visit(olive).get(stale["comment"]).text
    assert '<a href="/books/emma" rel="nofollow ugc noopener"><em>Emma</em></a>' in page
    assert "Show the spoiler" in page


def test_no_file_holds_what_an_older_renderer_stored(app, stale, tmp_path):
    with app.app_context():
        write_lines(tmp_path, everything=False)
        Site(app, tmp_path / "site", everything=False).write()

    files = [*tmp_path.glob("*.jsonl"), *(tmp_path / "site").rglob("*.html")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert "Ruth dies" not in text
    assert text.count("spoiler, for people who have finished") >= 5
    comment = json.loads((tmp_path / "comments.jsonl").read_text().splitlines()[0])
    assert comment["has_spoilers"] is True


def stored(app):
    with app.app_context():
        return {
            name: db.session.execute(select(*table_of(model).c)).mappings().all()
            for name, model in stale_text.rendered_models().items()
        }


def enqueue_job(app):
    with app.app_context():
        begin_write()
        enqueue(stale_text.KIND, key=stale_text.KIND)
        db.session.commit()


@pytest.mark.databases("sqlite", "postgresql")
def test_the_job_brings_every_row_up_to_date(app, stale, monkeypatch, statements):
    monkeypatch.setattr(stale_text, "ROWS_AT_ONCE", 1)
    enqueue_job(app)

    assert run_due_jobs(app, utcnow()) > 5

    for name, rows in stored(app).items():
        model = stale_text.rendered_models()[name]
        for row in rows:
            source = row[stored_parts(model)[0].source]
            if not source:
                continue
            assert row["renderer_version"] == RENDERER_VERSION, name
            for part in stored_parts(model):
                assert "as it was stored" not in row[part.name]
                assert "spoiler" in row[part.name], (name, part.name)
            if "has_spoilers" in row:
                assert row["has_spoilers"], name
    with app.app_context():
        assert not stale_text.has_older_text()
        # Another job takes the words as they were out of the file of the search's index.
        assert {job.kind for job in db.session.scalars(select(Job))} <= {MERGE}


def test_the_job_goes_on_where_it_stopped(app, stale, monkeypatch):
    monkeypatch.setattr(stale_text, "ROWS_AT_ONCE", 1)
    enqueue_job(app)
    steps = iter([True, True, False])
    run_due_jobs(app, utcnow(), lambda: next(steps))
    with app.app_context():
        assert stale_text.has_older_text()

    run_due_jobs(app, utcnow())

    with app.app_context():
        assert not stale_text.has_older_text()


@pytest.mark.databases("sqlite", "postgresql")
def test_the_job_leaves_what_was_edited_meanwhile(app, stale, save, alice, monkeypatch):
    """The text is another by the time that the rendered one is written."""

    def edited(source, **options):
        db.session.execute(update(table_of(Comment)).values(body="Newer.", body_html="<p>Newer.</p>"))
        return rendered_again(source, **options)

    monkeypatch.setattr(stale_text, "rendered_again", edited)
    with app.app_context():
        begin_write()
        stale_text.render_again("comment")
        db.session.commit()

    (row,) = stored(app)["comment"]
    assert (row["body"], row["body_html"], row["renderer_version"]) == ("Newer.", "<p>Newer.</p>", 0)


def test_starting_enqueues_the_job_where_something_is_older(app, stale):
    settings = app.extensions["bookclub"]

    close(create_upgraded_app(settings))
    close(create_upgraded_app(settings))

    with app.app_context():
        kinds = [job.kind for job in db.session.scalars(select(Job))]
        assert kinds.count(stale_text.KIND) == 1


def test_a_new_club_has_nothing_to_render_again(app):
    with app.app_context():
        assert not stale_text.has_older_text()
        assert db.session.execute(select(Job).where(Job.kind == stale_text.KIND)).first() is None


def test_what_the_renderer_refuses_by_now_is_hidden_whole(app, stale, visit, olive, bob, monkeypatch):
    monkeypatch.setattr(markdown, "MOST_SIGNS", 1)

    page = visit(olive).get(stale["comment"]).text
    assert "Ruth dies" not in page
    assert "spoiler, for people who have finished" in page
    assert "Ruth dies" in visit(bob).get(stale["comment"]).text


def test_to_write_a_text_sets_its_version(app, save, alice):
    thread = save(make_thread(alice, None))
    comment = save(make_comment(thread, alice, SOURCE))
    with app.app_context():
        kept = db.session.get(Comment, comment.id)
        assert kept.renderer_version == RENDERER_VERSION
        assert comment_row(Viewer(), comment.id).bars_closed


def test_an_edit_of_an_old_review_keeps_the_right_rendering(app, stale, visit, alice):
    form = {"title": "A fine book", "body": "Short.", "horizon": "0"}
    assert visit(alice).post(f"{stale['review']}/edit", data=form).status_code == 303

    newest = stored(app)["review_revision"][-1]
    assert newest["has_spoilers"]
    assert "Ruth dies" not in newest["safe_html"]
    assert newest["renderer_version"] == RENDERER_VERSION
