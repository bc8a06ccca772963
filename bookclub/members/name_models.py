"""The names that members hold: no other member may have a name or username like one of them.

They are written whenever a member is, by any code, in the same transaction. If two members take one name
at once, the second gets none, and sees so. A name from before these rows existed that another member holds
stays, and is shown with the username behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import Connection, ForeignKey, String, Table, delete, event, inspect, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, Mapper, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from ..extensions import Base
from ..lib.text.confusables import KEY_LENGTH, name_keys
from ..lib.text.shown_text import typed
from .models import Member

Key = String(KEY_LENGTH).with_variant(String(KEY_LENGTH, collation="C"), "postgresql")


class MemberName(Base):
    """A key of a name that a member holds, of their username or of their display name.

    Names that are given up are free again at once, and so are those of former members.
    """

    __tablename__ = "member_name"

    key: Mapped[str] = mapped_column(Key, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)


# Event handlers run inside a flush, so they write to tables through the connection, not the session.
_NAMES = cast(Table, MemberName.__table__)
_MEMBERS = cast(Table, Member.__table__)


@event.listens_for(Member, "after_insert")
def claim_new_names(_mapper: Mapper[Any], connection: Connection, member: Member) -> None:
    """Let a new member hold their names."""
    claim_names(connection, member)


@event.listens_for(Member, "after_update")
def claim_changed_names(_mapper: Mapper[Any], connection: Connection, member: Member) -> None:
    """Let a member hold the names that they have now, and no others."""
    changed = inspect(member).attrs
    # A new role or password changes no name.
    if any(changed[name].history.has_changes() for name in ("username", "_display_name", "removed_at")):
        claim_names(connection, member)


def claim_keys(connection: Connection, member_id: int, keys: Iterable[str]) -> set[str]:
    """Let a member hold those keys that nobody else holds; return all that they hold."""
    insert_row = insert_postgresql if connection.dialect.name == "postgresql" else insert_sqlite
    # All transactions insert in the same order, so that no two wait for each other.
    rows = [{"key": key, "member_id": member_id} for key in sorted(keys)]
    if rows:
        connection.execute(insert_row(_NAMES).on_conflict_do_nothing(), rows)
    return set(connection.execute(select(_NAMES.c.key).where(_NAMES.c.member_id == member_id)).scalars())


def claim_names(connection: Connection, member: Member) -> None:
    """Let a member hold their names as far as nobody else does, and store whether they share one."""
    by_username = name_keys(member.username)
    by_name = name_keys(typed(member.own_name))
    wanted = frozenset() if member.removed_at else by_username | by_name
    others = _NAMES.c.member_id == member.id, _NAMES.c.key.not_in(wanted)
    connection.execute(delete(_NAMES).where(*others))
    held = claim_keys(connection, member.id, wanted)
    shares_name = not member.removed_at and not by_name <= held
    if shares_name != bool(member.shares_name):
        row = update(_MEMBERS).where(_MEMBERS.c.id == member.id)
        connection.execute(row.values(shares_name=shares_name))
        # The flush is under way, so the attribute is set without marking the member as changed.
        set_committed_value(member, "shares_name", shares_name)
