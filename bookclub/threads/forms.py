"""What a composer asks: the words, and what they give away."""

from __future__ import annotations

import re
from secrets import token_urlsafe
from typing import Self

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from ..prose import Prose, Refused, render
from ..readings.rules import END, PlaceError, choice_of, horizon_from, percent, say_horizon
from . import rules
from .models import Comment, Wording


class ComposerForm(FlaskForm):
    """Wording with a horizon: the base of every form in which a member writes.

    ``finished`` is for those who never recorded how far they are: ticking it records that they have
    finished. ``submission`` names this very form, so that sending it twice makes one post.
    """

    longest = rules.MAX_BODY
    prose: Prose | None = None
    asks_whether_finished = False

    body = TextAreaField("Your words")
    horizon = SelectField("What it gives away", validate_choice=False)
    finished = BooleanField("I have finished this book")
    submission = HiddenField(default=lambda: token_urlsafe(12))

    def validate_body(self, field: TextAreaField) -> None:
        """Refuse what is empty or too long, and render the rest while no transaction is open."""
        text = (field.data or "").replace("\r\n", "\n")
        if not text.strip():
            raise ValidationError("Write something first.")
        if len(text) > self.longest:
            raise ValidationError(
                f"That is {len(text):,} characters long; {self.longest:,} is the most.".replace(",", " ")
            )
        try:
            self.prose = render(text)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None

    def validate_submission(self, field: HiddenField) -> None:
        """A key that no form of ours ever had names nothing."""
        if field.data and not re.fullmatch(r"[\w-]{1,64}", field.data, re.ASCII):
            field.data = None

    def words(self, author_mark: int | None) -> Wording | None:
        """What was written, by an author who has been so far; None where the horizon makes no sense."""
        if self.finished.data:
            author_mark = END
        choice = self.horizon.data or ("mine" if self.default_horizon(author_mark) else "")
        try:
            horizon = horizon_from(choice, author_mark)
        except PlaceError as problem:
            self.horizon.errors = [*self.horizon.errors, str(problem)]
            return None
        assert self.prose is not None
        return Wording((self.body.data or "").replace("\r\n", "\n"), self.prose, choice, horizon, author_mark)

    def default_horizon(self, author_mark: int | None) -> str | None:
        """What is chosen where nothing is: as far as oneself, and nothing where that is unknown."""
        return "mine" if author_mark is not None else None

    def offer(self, author_mark: int | None, chosen: str | None = None) -> Self:
        """Offer the horizons that make sense to an author who has been so far. Returns the form."""
        self.asks_whether_finished = author_mark is None
        choices = {"0": "nothing: safe for everybody"}
        # Whoever has finished is where the ending is, so one of the two is enough.
        if author_mark is not None and author_mark < END:
            choices["mine"] = f"up to where I am ({percent(author_mark)})"
        choices["finished"] = "the ending: for those who have finished"
        wanted = self.horizon.data or chosen or self.default_horizon(author_mark) or ""
        if wanted == "mine" and author_mark == END:
            wanted = "finished"
        if wanted not in choices:
            # What cannot be offered must be chosen anew: the first choice would be the least safe one.
            try:
                choices[wanted] = say_horizon(horizon_from(wanted, None))
            except PlaceError:
                choices = {"": "Choose …", **choices}
                wanted = ""
        self.horizon.choices = choices
        self.horizon.data = wanted
        return self


class CommentForm(ComposerForm):
    """A comment: at the top of a thread, or a reply to ``parent_id``."""

    body = TextAreaField("Reply")
    parent_id = HiddenField("In reply to")

    def accepts(self, parent: Comment | None) -> bool:
        """Whether there is something to answer, where the form says that it answers something."""
        if self.parent_id.data and (parent is None or parent.is_gone):
            self.body.errors = [*self.body.errors, "The comment that you answer is not there any more."]
            return False
        return True


class CommentEditForm(ComposerForm):
    """A comment's words, changed by its author."""

    body = TextAreaField("Your words")


class NewThreadForm(ComposerForm):
    """A titled thread, with its opening words."""

    title = StringField("Title", [InputRequired("Give the thread a title."), Length(max=rules.MAX_TITLE)])
    body = TextAreaField("What would you like to talk about?")

    def validate_title(self, field: StringField) -> None:
        field.data = clean_line(field.data)
        if not field.data:
            raise ValidationError("Give the thread a title.")


class ReasonForm(FlaskForm):
    """Why a moderator takes something away or locks it; everybody can read it."""

    reason = StringField("Reason", [InputRequired("Say why: all members can read it."), Length(max=500)])

    def validate_reason(self, field: StringField) -> None:
        field.data = clean_line(field.data)
        if not field.data:
            raise ValidationError("Say why: all members can read it.")


def clean_line(text: str | None) -> str:
    """One line without white space around it. Raises ValidationError for characters nobody can see."""
    line = " ".join((text or "").split())
    if any(
        ord(character) < 32 or 127 <= ord(character) < 160 or 0xD800 <= ord(character) < 0xE000
        for character in line
    ):
        raise ValidationError("There is an invisible control character in it. Type it anew.")
    return line


def comment_form_for(author_mark: int | None, parent_id: int | None = None) -> CommentForm:
    """An empty composer as a page shows it."""
    form = CommentForm(formdata=None)
    form.parent_id.data = str(parent_id) if parent_id else ""
    form.offer(author_mark)
    return form


def edit_form_for(comment: Comment, author_mark: int | None) -> CommentEditForm:
    """The form in which its author changes a comment."""
    form = CommentEditForm(formdata=None)
    form.body.data = comment.body
    form.offer(author_mark, chosen=choice_of(comment.own_horizon))
    return form


def thread_form_for(author_mark: int | None) -> NewThreadForm:
    """An empty form for a new thread, as the book page shows it."""
    form = NewThreadForm(formdata=None)
    form.offer(author_mark)
    return form
