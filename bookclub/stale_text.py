"""The job that renders stored text again after the renderer has changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, select, update

from .extensions import Base, db, utcnow
from .jobs import LOST_AFTER, enqueue, job
from .lib.text.markdown import RENDERER_VERSION
from .lib.text.pictures import Owner
from .lib.text.shown_text import typed
from .text_columns import Rendered, rendered_again, stored_parts

KIND = "renderings"
ROWS_AT_ONCE = 50
# Others want to write meanwhile, so a batch with long texts ends early.
CHARACTERS_AT_ONCE = 100_000

Model = type[Any]


def rendered_models() -> dict[str, Model]:
    """Return every model that holds rendered text, by table name."""
    classes: list[Model] = [mapper.class_ for mapper in Base.registry.mappers]
    found = {str(model.__table__.name): model for model in classes if Rendered in model.__mro__}
    return dict(sorted(found.items()))


def has_older_text() -> bool:
    """Return whether some text was rendered by another version of the renderer."""
    statements = (select(model.id).where(_is_older(model)).limit(1) for model in rendered_models().values())
    return any(db.session.execute(statement).first() is not None for statement in statements)


@job(KIND)
def render_again(table: str = "", after: int = 0) -> None:
    """Render the next older rows again, and enqueue this job for the others."""
    # The tables come in the order of their names, so the job goes on where it stopped.
    names = [name for name in rendered_models() if name >= table]
    for name in names:
        last = _render_batch(rendered_models()[name], after if name == table else 0)
        if last is not None:
            # The job is due within the worker's present look, and not only at the next.
            enqueue(KIND, key=KIND, due_at=utcnow() - LOST_AFTER / 2, table=name, after=last)
            return


def _is_older(model: Model) -> ColumnElement[bool]:
    """Return the condition that another renderer rendered a row's words.

    Rows without words do not count: every renderer makes nothing of them.
    """
    columns = model.__table__.c
    return and_(columns.renderer_version != RENDERER_VERSION, columns[stored_parts(model)[0].source] != "")


def _render_batch(model: Model, after: int) -> int | None:
    """Render some older rows of a table again. Return the last id, or None if there are no more.

    The update compares the text once more, so that an edit in between is not overwritten.
    """
    parts = stored_parts(model)
    source = parts[0].source
    columns = model.__table__.c
    kind, attribute = model.pictures_of or (None, "id")
    rows = db.session.execute(
        select(columns.id, columns[source].label("source"), columns[attribute].label("owner_id"))
        .where(_is_older(model), columns.id > after)
        .order_by(columns.id)
        .limit(ROWS_AT_ONCE)
    ).all()
    length = 0
    for row in rows:
        owner = Owner(kind, row.owner_id) if kind else None
        prose = rendered_again(typed(row.source), with_mentions=parts[0].with_mentions, owner=owner)
        values: dict[str, Any] = {part.name: getattr(prose, part.part) for part in parts}
        if "has_spoilers" in columns:
            values["has_spoilers"] = prose.has_spoilers
        db.session.execute(
            update(model.__table__)
            .where(columns.id == row.id, columns[source] == row.source)
            .values(**values, renderer_version=RENDERER_VERSION)
        )
        length += len(row.source)
        if length > CHARACTERS_AT_ONCE:
            return int(row.id)
    return int(rows[-1].id) if len(rows) == ROWS_AT_ONCE else None
