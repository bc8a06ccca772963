"""Forms for comments and threads, and the composer that all forms for writing share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Self

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, DataRequired, Length

from ..books.catalogue_queries import addresses_of
from ..edit_forms import EditForm
from ..extensions import rehearsing
from ..forms import BaseForm, OnceForm, Validators
from ..lib.positions.contents import NO_CONTENTS, Contents, choice_of, horizon_text, section_id_in
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, PlaceError
from ..lib.text.characters import clean_text
from ..lib.text.errors import TextError
from ..lib.text.markdown import Prose, render
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, number_text
from ..lib.text.pictures import NO_PICTURES, Owner, Sizes, pictures_without_words
from ..lib.text.shown_text import typed
from ..lib.text.spoilers import find_doubtful_spoiler
from ..members.forms import LineField, refuse_spoilers, warn_of_spoilers
from ..pictures import forms as picture_forms
from ..pictures.forms import PictureFields
from ..pictures.rules import no_words_text
from . import preview as threads_preview
from . import rules
from .composer import Option, Writer, becomes_text, further_choice, horizon_choices
from .models import Comment, Wording, Writing
from .preview import Preview
from .rules import SUBSCRIPTIONS


class ComposerForm(OnceForm):
    """Words with a horizon: the base of every form in which a member writes.

    ``finished`` is for members who never recorded their place: ticking it records that they have finished.

    ``left_open`` carries the mark of an unclosed spoiler that the writer was already asked about.

    ``becomes`` says who can read the post as the form stands; ``preview`` shows how it will look.

    Beside the button that posts stand two chips, which choose for those who do not open the whole list:
    ``safe_chip``, and ``further_chip``, which stands for the choice ``further``; it is "" where nothing
    further can be chosen. ``chips`` is what it says for each choice. ``starts_safe`` says that the form
    chose "No spoilers" by itself.
    """

    # For whoever reads the source of this class.
    """ Placeholder    """

    longest = rules.MAX_BODY
    characters = rules.MAX_TITLE + longest
    prose: Prose | None = None
    asks_whether_finished = False
    asks_about_doubt = True
    becomes: str | None = None
    starts_safe = False
    chips: Mapping[str, str] = MappingProxyType({})
    safe_chip = ""
    further_chip = ""
    further = ""
    preview: Preview | None = None

    body = TextAreaField(lazy_gettext("Your words"))
    horizon = SelectField(lazy_gettext("Who can read this?"), validate_choice=False)
    horizon_place = StringField(lazy_gettext("Which place?"))
    preview_at = SelectField(lazy_gettext("For a reader at"), validate_choice=False)
    finished = BooleanField(lazy_gettext("I have finished this book"))
    left_open = HiddenField()

    def validate_body(self, field: TextAreaField) -> None:
        """Refuse a body that is empty or too long, and render it while no transaction is open."""
        text = clean_text(field.data)
        if not text.strip():
            raise ValidationError(_("Write something first."))
        if len(text) > self.longest:
            raise ValidationError(
                _(
                    "That is %(length)s characters long. Shorten it to %(most)s.",
                    length=number_text(len(text)),
                    most=number_text(self.longest),
                )
            )
        try:
            self.prose = render(text, addresses_of(text), self.sizes_for(text))
        except TextError as refusal:
            raise ValidationError(str(refusal)) from None
        if silent := pictures_without_words(self.prose.html):
            raise ValidationError(no_words_text(silent))
        self._ask_about_doubt(text)

    def sizes_for(self, text: str) -> Mapping[int, Sizes]:
        """Return the sizes of the pictures that the text may show: none, unless the form takes pictures."""
        return NO_PICTURES

    def _ask_about_doubt(self, text: str) -> None:
        """Ask once about a spoiler that is not closed. Sending the form again with its mark confirms it."""
        found = find_doubtful_spoiler(text)
        if found and self.asks_about_doubt and self.left_open.data != found.mark:
            self.left_open.data = found.mark
            raise ValidationError(found.doubt)

    def words(self, writer: Writer) -> Wording | None:
        """Return what this writer wrote; None, with errors set, if the horizon makes no sense."""
        writer = self._writer_after_form(writer)
        # A form without this field gets the careful default. If there is none either, "" is refused.
        choice = self.horizon.data or self.default_horizon(writer) or ""
        try:
            choice, horizon = writer.horizon(choice, self.horizon_place.data or "")
        except PlaceError as problem:
            field = self.horizon_place if choice == "place" else self.horizon
            field.errors = [*field.errors, str(problem)]
            return None
        # validate_body() has set it, because this method is only called on a valid form.
        assert self.prose is not None
        return Wording(clean_text(self.body.data), self.prose, choice, horizon)

    def default_horizon(self, writer: Writer) -> str | None:
        """Return the choice if none was made: up to the writer's own place; None if that is unknown."""
        return writer.default()

    def offer(self, writer: Writer, chosen: str | None = None) -> Self:
        """Offer the horizons that make sense to this writer. Return the form."""
        self.asks_whether_finished = writer.mark is None
        choices, said = horizon_choices(writer), self._writer_after_form(writer)
        self.starts_safe = writer.starts_safe and not (self.horizon.data or chosen)
        wanted = (
            self.horizon.data or chosen or ("0" if self.starts_safe else self.default_horizon(writer)) or ""
        )
        # At the end both choices mean the same, and only "finished" is offered.
        if wanted == "mine" and said.mark == END:
            wanted = "finished"
        typed = self.horizon_place.data or ""
        try:
            # A place that was just refused means nothing that could be announced.
            horizon = None if self.errors and wanted == "place" else said.horizon(wanted, typed)[1]
        except PlaceError:
            horizon, choices, wanted = None, [Option("", _("Choose …")), *choices], ""
        if horizon is not None:
            self.becomes = becomes_text(horizon, writer)
            # A choice that is no longer offered was made all the same, and the first option would be the
            # least safe.
            if wanted not in {choice.value for choice in choices}:
                choices.append(Option(wanted, horizon_text(horizon, writer.contents)))
        self.horizon.choices = [
            SelectChoice(choice.value, choice.label, optgroup=choice.group) for choice in choices
        ]
        self._offer_chips(writer, choices, wanted)
        self.horizon.data = wanted
        return self

    def _offer_chips(self, writer: Writer, choices: Sequence[Option], wanted: str) -> None:
        """Set what the two chips say, and which choice the second stands for."""
        chips = {choice.value: choice.chip for choice in choices}
        self.safe_chip, self.chips = chips["0"], {value: chip for value, chip in chips.items() if chip}
        self.further = wanted if wanted not in ("", "0") else further_choice(self._writer_after_form(writer))
        # Where all of the conversation is for people who have finished, nothing goes further.
        can_go_further = writer.least < END
        self.further_chip = (chips.get(self.further) or _("Spoilers (up to …)")) if can_go_further else ""

    def look(self, writer: Writer, author: str, words: Wording) -> Self:
        """Offer the same again, with a preview of these words for other readers. Return the form."""
        full, safe = words.prose.html, words.prose.safe_html
        asked = self.preview_at.data
        self.preview = threads_preview.preview(
            self._writer_after_form(writer), author, full, safe, words.horizon, asked
        )
        self.preview_at.choices = [SelectChoice(place.value, place.label) for place in self.preview.places]
        self.preview_at.data = self.preview.at
        return self.offer(writer)

    def _writer_after_form(self, writer: Writer) -> Writer:
        """Return the writer as they are after this form: ticking "finished" puts them at the end."""
        return replace(writer, mark=END) if self.finished.data else writer


class IllustratedForm(PictureFields, ComposerForm):
    """Words with a horizon and pictures.

    ``owner`` is the post that is edited, whose own pictures the text may show; None for a new one.
    """

    owner: Owner | None = None

    def validate(self, extra_validators: Validators | None = None) -> bool:
        """Check every field; not where the form only adds pictures to its text, and comes back at once."""
        if self.has_added and not rehearsing.get():
            return False
        return super().validate(extra_validators)


class CommentForm(IllustratedForm):
    """A comment at the top of a thread, or a reply to ``parent_id``."""

    body = TextAreaField(lazy_gettext("Reply"))
    parent_id = HiddenField()

    def accepts(self, parent: Comment | None) -> bool:
        """Return whether the comment to reply to is still there, if the form names one."""
        # A comment in another thread is no parent either: it is looked for in this thread only.
        if self.parent_id.data and (parent is None or parent.is_gone):
            self.body.errors = [*self.body.errors, _("The comment that you answer is not there any more.")]
            return False
        return True


class CommentEditForm(EditForm, IllustratedForm):
    """A comment's words, edited by its author, and the thread's title if they opened it."""

    # A typed place means nothing without the choice before it, so both are kept or written together.
    together = (("horizon", "horizon_place"),)
    # These are not part of the comment: one asks for a preview, one is about the reading, and pictures are
    # in the text.
    aside = frozenset({"preview_at", "finished"}) | picture_forms.NAMES

    body = TextAreaField(lazy_gettext("Your words"))
    title = LineField(
        lazy_gettext("Title of the conversation"), [Length(max=rules.MAX_TITLE), refuse_spoilers]
    )

    def validate_title(self, field: StringField) -> None:
        if field.raw_data and not field.data:
            raise ValidationError(_("Give the conversation a title."))


class NewThreadForm(IllustratedForm):
    """A titled thread with its opening words."""

    title = LineField(
        lazy_gettext("Title"),
        [
            DataRequired(lazy_gettext("Give the conversation a title.")),
            Length(max=rules.MAX_TITLE),
            refuse_spoilers,
        ],
    )
    body = TextAreaField(lazy_gettext("What would you like to talk about?"))


class SwitchForm(BaseForm):
    """Something that is set with ``on`` 1 and taken back with 0, so that sending it twice changes nothing."""

    on = HiddenField(validators=[AnyOf(["0", "1"])])

    @property
    def is_on(self) -> bool:
        return bool(self.on.data == "1")


class SubscriptionForm(BaseForm):
    """A member's choice to follow a conversation, to mute it, or neither ("")."""

    state = HiddenField(validators=[AnyOf(["", *SUBSCRIPTIONS])])

    @property
    def done(self) -> str:
        """The sentence that says what was chosen."""
        if self.state.data == "followed":
            return _("You will hear of everything new in this conversation.")
        if self.state.data == "muted":
            return _("You will hear nothing more of this conversation.")
        return _("You will hear of replies to you and of mentions.")


class ReasonForm(BaseForm):
    """A moderator's reason for removing or locking something; everyone can read it."""

    reason = LineField(
        lazy_gettext("Reason"),
        [
            DataRequired(lazy_gettext("Say why: all members can read it.")),
            Length(max=500),
            refuse_spoilers,
        ],
    )


class LockForm(EditForm, ReasonForm):
    """The reason for locking a thread, which another moderator may have given already."""


def comment_form_for(writer: Writer, parent_id: int | None = None) -> CommentForm:
    """Return an empty composer as a page shows it."""
    form = CommentForm(formdata=None)
    form.parent_id.data = str(parent_id) if parent_id else ""
    form.offer(writer)
    return form


def edit_form_for(comment: Comment, writer: Writer) -> CommentEditForm:
    """Return the form in which the author edits a comment."""
    form = CommentEditForm(formdata=None)
    # The author edits what they typed, and not the title with its spoilers hidden.
    form.body.data, form.title.data = comment.body, typed(comment.thread.title or "")
    warn_of_spoilers(form.title)
    form.offer(writer, chosen=chosen_for(comment, writer.contents))
    return form


def chosen_for(post: Writing, contents: Contents) -> str:
    """Return the selected choice in a post's edit form: the author's own, if it still exists."""
    section_id = section_id_in(post.horizon_choice)
    # If the chapter is gone, the choice shows the position that it meant, so that saving hides as much.
    is_there = section_id is not None and contents.section(section_id) is not None
    return choice_of(post.own_horizon, post.horizon_choice if is_there else "")


def thread_form_for(author_mark: int | None, contents: Contents = NO_CONTENTS) -> NewThreadForm:
    """Return an empty form for a new thread, as the book page shows it."""
    form = NewThreadForm(formdata=None)
    form.offer(Writer(author_mark, Measures(contents)))
    return form
