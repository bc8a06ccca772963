"""Uploads: what a form brings is kept before the view of that form runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from hashlib import sha256
from itertools import zip_longest
from secrets import token_urlsafe
from typing import Any, NamedTuple, TypeVar, cast

from flask import request
from werkzeug.datastructures import FileStorage

from ..body_limits import AROUND, takes_files, takes_text_and_files
from ..extensions import begin_write, db, rehearsing, utcnow
from ..forms import KEY
from ..lib.text.characters import clean_text
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, number_text
from ..lib.text.pictures import reference
from ..members.queries import member_by_id
from ..web import current_member
from . import actions, queries
from .decoder import PictureError, Upload, decode_file
from .forms import Brought, RefusedFile, note_brought
from .rules import LARGEST, MEBIBYTE, SPACE, no_space_text

View = TypeVar("View", bound=Callable[..., Any])


def takes_pictures(characters: int) -> Callable[[View], View]:
    """Mark a view whose form has so many characters, and may bring pictures, which are kept before it runs.

    They are kept in a transaction of their own: a form that comes back because of something else has them
    in its text, and decoding, which is slow, is over before the view opens its own transaction.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def keep_first(*args: Any, **kwargs: Any) -> Any:
            member = current_member()
            if member is not None and not rehearsing.get():
                note_brought(_keep(member.id))
            return view(*args, **kwargs)

        return cast(View, takes_text_and_files(characters, LARGEST, _too_large)(keep_first))

    return mark


def takes_one_picture(view: View) -> View:
    """Mark a view whose form brings one picture and nothing else."""
    return takes_files(
        LARGEST + AROUND,
        lazy_gettext(
            "A picture may have %(most)s MB. Go back and choose a smaller one.", most=LARGEST // MEBIBYTE
        ),
    )(view)


def _too_large() -> str:
    return _(
        "All pictures of one form together may have %(most)s MB. Go back: what you wrote is still in the "
        "form. Add the pictures one after the other.",
        most=number_text(LARGEST // MEBIBYTE),
    )


def _keep(member_id: int) -> Brought:
    """Decode and store the files of a form. Return the references to them, and what was refused."""
    brought, uploads = Brought(), []
    for sent in _sent():
        try:
            uploads.append((sent, decode_file(sent.file)))
        except PictureError as problem:
            brought.refused.append(_refused(sent, str(problem)))
    _store(uploads, member_id, brought)
    return brought


class _Sent(NamedTuple):
    """A file of a form, and the words beside it."""

    file: FileStorage
    alt: str
    caption: str
    credit: str


def _sent() -> Iterator[_Sent]:
    """The files of this request's form, each with its words: those of the same number in their row."""
    words = [request.form.getlist(name) for name in ("picture_alt", "picture_caption", "picture_credit")]
    # A group without a file sends an empty one, so that the rows stay in step.
    for file, *said in zip_longest(request.files.getlist("picture"), *words, fillvalue=""):
        if isinstance(file, FileStorage) and file.filename:
            yield _Sent(file, *(clean_text(str(text)).replace("\n", " ").strip() for text in said))


def _refused(sent: _Sent, problem: str) -> RefusedFile:
    return RefusedFile(problem, sent.alt, sent.caption, sent.credit)


def _store(uploads: list[tuple[_Sent, Upload]], member_id: int, brought: Brought) -> None:
    """Store what was decoded, unless this form has brought it before, as far as the member has space."""
    if not uploads:
        return
    sent_as, now = _key_of_form(), utcnow()
    begin_write()
    # The member's row makes the same form wait that is sent a second time, and two that fill one space.
    member_by_id(member_id, lock=True)
    free = SPACE - queries.space_of(member_id).size
    for sent, upload in uploads:
        kept = queries.picture_sent(member_id, sent_as, upload.digest)
        if kept is None:
            free -= upload.size
            if free < 0:
                brought.refused.append(_refused(sent, no_space_text()))
                continue
            kept = actions.keep_picture(member_id, upload, sent_as, now)
        brought.references.append(reference(kept.id, sent.alt, sent.caption, sent.credit))
    db.session.commit()
    # The view opens its own transaction.
    db.session.close()


def _key_of_form() -> str:
    """Return the key by which a form is known when it is sent again."""
    key = request.form.get("submission", "")
    if KEY.fullmatch(key):
        return key
    # A form that edits is known by what it was made from.
    made_from = request.form.get("made_from", "")
    return sha256(made_from.encode()).hexdigest() if made_from else token_urlsafe(12)
