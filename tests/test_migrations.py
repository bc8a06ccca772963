"""The migrations: in step with the models, there and back, and whole or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from threading import Timer

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, inspect, select, text

from bookclub.app import migrations_folder
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, has_model
from bookclub.members.models import Club, Member, MemberSession
from bookclub.notices.models import Notice
from bookclub.pictures.models import Picture, PictureCopy
from bookclub.questions.models import Question, QuestionSupport
from bookclub.schema import close, create_upgraded_app
from bookclub.threads.models import Thread
from tests.factories import (
    make_book,
    make_copy,
    make_draft,
    make_meeting,
    make_passage,
    make_picture,
    make_question,
    make_reading,
)
from tests.processes import CONTEXT, SECONDS, run_at_once

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PROCESSES = 4
NEXT = '''
"""One more migration, for tests."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None


def upgrade():
    {body}


def downgrade():
    pass
'''
HALF_WAY = """op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("UPDATE club SET name = 'Half a club'")
    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("half", sa.Integer))
    raise OSError("the power went out")"""
ANEW = """with op.batch_alter_table("member", recreate="always") as table:
        table.add_column(sa.Column("shoe_size", sa.Integer))"""
ORPHANS = """op.execute("DELETE FROM member")"""


@pytest.fixture
def inside(app):
    with app.app_context():
        yield
        db.session.close()


@pytest.fixture
def one_more(tmp_path):
    """``one_more(body)`` is a folder of migrations with another one that does this."""

    def one_more(body: str) -> str:
        folder = tmp_path / "migrations"
        shutil.copytree(migrations_folder(), folder)
        (folder / "versions" / "next.py").write_text(NEXT.format(body=body, head=head()).lstrip())
        return str(folder)

    return one_more


def head() -> str | None:
    return ScriptDirectory(str(migrations_folder())).get_current_head()


def tables() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if has_model(name, "table", {})}


def revision() -> str | None:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def club_name() -> str:
    with db.engine.connect() as connection:
        return connection.execute(select(Club.name)).scalar_one()


def shape() -> dict[str, object]:
    """All that a database knows of its tables, what autogenerate overlooks included."""
    known, found = inspect(db.engine), {}
    for table in sorted(tables()):
        columns = {
            (
                column["name"],
                str(column["type"]),
                getattr(column["type"], "collation", None),
                column["nullable"],
            )
            for column in known.get_columns(table)
        }
        checks = {(check["name"], check["sqltext"]) for check in known.get_check_constraints(table)}
        uniques = {
            (unique["name"], *unique["column_names"]) for unique in known.get_unique_constraints(table)
        }
        indexes = {(i["name"], i["unique"], *i["column_names"]) for i in known.get_indexes(table)}
        keys = {
            (key["name"], *key["constrained_columns"], key["referred_table"], str(key["options"]))
            for key in known.get_foreign_keys(table)
        }
        primary = tuple(known.get_pk_constraint(table)["constrained_columns"])
        options = known.get_table_options(table)
        found[table] = (columns, checks, uniques, indexes, keys, primary, options)
    return found


def bring_up_to_date(wait, url: str) -> None:
    """Bring a database up to date, in a process of its own."""
    wait()
    close(create_upgraded_app(Settings(data=Path(), database_url=url, secret_key="a secret of these tests")))


def die_at_the_last_step(url: str) -> None:
    """Do the same, and end in the middle of the last step."""
    op.bulk_insert = lambda *_: os._exit(9)
    bring_up_to_date(lambda: None, url)


# In step with the models


def test_the_migrations_make_what_the_models_say(app, inside):
    with db.engine.connect() as connection:
        arguments = app.extensions["migrate"].configure_args
        differences = compare_metadata(MigrationContext.configure(connection, opts=arguments), db.metadata)

    assert differences == []


def test_the_migrations_make_the_same_constraints_and_collations_as_the_models(inside):
    migrated = shape()
    downgrade(revision="base")
    with db.engine.begin() as connection:
        db.metadata.create_all(connection)

    made = shape()
    for table, found in made.items():
        assert migrated.get(table) == found, table
    assert set(migrated) == set(made)


def test_there_is_one_head_and_the_database_is_at_it(inside):
    heads = ScriptDirectory(str(migrations_folder())).get_heads()

    assert [revision()] == heads


def test_every_constraint_has_a_name(inside):
    for table in db.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


# There and back


def test_a_new_club_is_private_joined_by_invitation_and_has_a_name(inside):
    club = db.session.execute(select(Club)).scalar_one()

    assert (club.id, club.name, club.is_public, club.sign_up) == (1, "Our book club", False, "invitation")


def test_a_database_can_be_emptied_and_filled_again(inside):
    before = tables()
    downgrade(revision="base")
    assert tables() == {"alembic_version"}

    upgrade()
    assert tables() == before
    assert club_name() == "Our book club"


def test_migrating_again_changes_nothing(inside, alice, settings):
    close(create_upgraded_app(settings))

    assert db.session.get(Member, alice.id).username == "alice"


def test_what_removed_members_left_behind_goes_and_counts_for_nobody(inside, save, alice, bob, olive):
    book = save(make_book("Emma"))
    save(*(make_reading(member, book, status="finished", rating=6) for member in (alice, bob, olive)))
    save(make_draft(alice, book), make_draft(bob, book))
    alice.removed_at = bob.suspended_at = alice.joined_at
    save(alice, bob)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE book SET rating_count = 3, rating_sum = 18, rating_rank = 6000"))

    downgrade(revision="0010")
    upgrade()

    with db.engine.connect() as connection:
        sums = connection.execute(text("SELECT rating_count, rating_sum, rating_rank FROM book")).one()
        assert tuple(sums) == (1, 6, 6000)
        for table in ("reading", "review_draft"):
            members = connection.execute(text(f"SELECT member_id FROM {table}")).scalars().all()
            assert alice.id not in members
            assert bob.id in members


def test_jobs_that_counted_neighbours_go_with_their_tables(inside):
    downgrade(revision="0020")
    assert {"neighbour", "tag_spread"} <= tables()
    with db.engine.begin() as connection:
        for kind in ("neighbours", "all neighbours", "counters"):
            connection.execute(
                text(
                    "INSERT INTO job (kind, arguments, key, enqueued_at, due_at, attempts, problem)"
                    " VALUES (:kind, '{}', :kind, :now, :now, 0, '')"
                ),
                {"kind": kind, "now": "2026-01-01 00:00:00+00:00"},
            )

    upgrade()

    assert {"neighbour", "tag_spread"}.isdisjoint(tables())
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT kind FROM job")).scalars().all() == ["counters"]


def test_agendas_keep_their_questions_when_passages_come_and_go(inside, save, alice, bob):
    book = save(make_book("Emma"))
    meeting = save(make_meeting(alice, book))
    question, passage = save(make_question(meeting, alice), make_passage(alice, book))
    reference = Question(meeting_id=meeting.id, member_id=bob.id, lifted_horizon=0)
    reference.refer_to(passage_id=passage.id)
    save(
        reference,
        QuestionSupport(question_id=question.id, member_id=bob.id),
        Notice(member_id=alice.id, kind="removed", passage_id=passage.id),
    )

    downgrade(revision="0045")
    upgrade()

    assert db.session.scalars(select(Question.id)).all() == [question.id]
    assert db.session.scalars(select(QuestionSupport.member_id)).all() == [bob.id]
    assert db.session.scalars(select(Notice.id)).all() == []
    assert db.session.scalars(select(Thread.of_passage)).all() == [False]


def test_pictures_stay_while_their_table_is_built_anew(inside, save, alice):
    loose = save(make_picture(alice))
    save(make_copy(loose))

    downgrade(revision="0046")
    upgrade()

    assert db.session.execute(select(PictureCopy.picture_id, PictureCopy.content)).all() == [
        (loose.id, b"abc")
    ]
    assert [each.member_id for each in db.session.scalars(select(Picture))] == [alice.id]
    db.session.rollback()
    # From now on no number is used twice, since browsers keep covers by theirs.
    begin_write()
    db.session.execute(delete(Picture))
    db.session.commit()
    assert save(make_picture(alice)).id > loose.id


# Whole or not at all


def test_a_migration_that_fails_half_way_leaves_nothing_of_itself_behind(inside, alice, one_more):
    folder, before = one_more(HALF_WAY), shape()

    with pytest.raises(OSError, match="the power went out"):
        upgrade(directory=folder)

    assert shape() == before
    assert (revision(), club_name()) == (head(), "Our book club")
    assert db.session.get(Member, alice.id).username == "alice"


def test_a_migration_that_is_killed_at_its_last_step_leaves_nothing_behind(inside, settings):
    downgrade(revision="base")
    db.engine.dispose()

    killed = CONTEXT.Process(target=die_at_the_last_step, args=(settings.database_url,))
    killed.start()
    killed.join(SECONDS)
    assert killed.exitcode == 9
    assert tables() == {"alembic_version"}
    assert revision() is None

    upgrade()
    assert club_name() == "Our book club"


@pytest.mark.databases("sqlite")
def test_a_table_that_is_built_anew_keeps_what_hangs_on_its_rows(app, inside, alice, visit, one_more):
    visit(alice)
    upgrade(directory=one_more(ANEW))

    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT shoe_size FROM member")).all() == [(None,)]
        assert connection.execute(select(MemberSession.member_id)).scalars().all() == [alice.id]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.databases("sqlite")
def test_a_migration_that_leaves_rows_hanging_on_nothing_is_undone(inside, alice, visit, one_more, caplog):
    visit(alice)

    # Flask-Migrate says what is wrong, and ends the command.
    with pytest.raises(SystemExit):
        upgrade(directory=one_more(ORPHANS))
    assert "hang on nothing" in caplog.text

    assert db.session.get(Member, alice.id).username == "alice"
    assert revision() == head()


# Several at once


def test_processes_that_migrate_at_once_all_succeed(inside, settings):
    downgrade(revision="base")
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    db.engine.dispose()

    run_at_once(bring_up_to_date, *[(settings.database_url,)] * PROCESSES)

    assert revision() == head()
    assert club_name() == "Our book club"


@pytest.mark.databases("sqlite")
def test_processes_that_make_the_same_new_file_at_once_all_succeed(database, tmp_path):
    new = f"sqlite:///{tmp_path / 'new.sqlite3'}"

    run_at_once(bring_up_to_date, *[(new,)] * PROCESSES)


@pytest.mark.databases("sqlite")
def test_whoever_finds_somebody_else_migrating_waits_longer_than_for_other_writes(
    database, tmp_path, monkeypatch
):
    monkeypatch.setattr("bookclub.extensions.SQLITE_BUSY_SECONDS", 0)
    file = tmp_path / "new.sqlite3"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    done = Timer(0.5, other.execute, ["COMMIT"])
    done.start()

    app = create_upgraded_app(
        Settings(data=Path(), database_url=f"sqlite:///{file}", secret_key="a secret of tests")
    )

    done.join()
    other.close()
    with app.app_context():
        assert club_name() == "Our book club"
    close(app)


def test_the_shipped_migrations_import_nothing_of_ours():
    for file in Path(migrations_folder(), "versions").glob("*.py"):
        assert "bookclub" not in file.read_text(), file


def test_settings_of_a_club_in_a_folder_name_the_database_that_is_migrated(tmp_path):
    settings = Settings.for_folder(tmp_path / "club?")
    app = create_upgraded_app(settings)
    with app.app_context():
        assert club_name() == "Our book club"
    close(app)

    assert (tmp_path / "club?" / "bookclub.sqlite3").is_file()
