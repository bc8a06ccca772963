"""Jobs of releases before, which counted neighbours."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import Job, enqueue, run_due_jobs


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("neighbours", {"book_id": 7}), ("all neighbours", {}), ("all neighbours", {"after": 7})],
)
def test_a_job_that_a_release_before_left_ends_without_trouble(app, kind, arguments):
    with app.app_context():
        begin_write()
        enqueue(kind, key=kind, **arguments)
        db.session.commit()

    assert run_due_jobs(app, utcnow()) == 1

    with app.app_context():
        assert db.session.scalars(select(Job)).all() == []
