"""Forms for reviews and drafts."""

from __future__ import annotations

from wtforms import SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from ..books.catalogue_queries import addresses_of
from ..edit_forms import EditForm, Latest
from ..forms import OnceForm
from ..lib.positions.places import PlaceError
from ..lib.positions.progress import rating_from
from ..lib.text import limits
from ..lib.text.characters import clean_text
from ..lib.text.errors import TextError
from ..lib.text.markdown import Prose, render
from ..lib.text.messages import lazy_gettext
from ..lib.text.pictures import Owner, pictures_named, pictures_without_words
from ..lib.text.shown_text import typed
from ..lib.text.spoilers import find_doubtful_spoiler, find_spoilers
from ..members.forms import LineField, refuse_spoilers, warn_of_spoilers
from ..pictures import forms as picture_forms
from ..pictures.queries import sizes_in
from ..readings.actions import KEEP
from ..readings.forms import RATINGS
from ..readings.models import Reading
from ..threads.composer import Writer
from ..threads.forms import IllustratedForm, chosen_for
from . import rules
from .models import Review, ReviewDraft
from .rules import DraftRow


class ReviewForm(EditForm, IllustratedForm):
    """A review: a title and a summary that are safe for everyone, a body, and the body's horizon."""

    # A typed place means nothing without the choice before it, so both are kept or written together.
    together = (("horizon", "horizon_place"),)
    aside = frozenset({"preview_at", "finished"}) | picture_forms.NAMES

    longest = rules.MAX_BODY
    characters = rules.MAX_TITLE + limits.MAX_SUMMARY + longest
    half_stars: object = KEEP

    title = LineField(
        lazy_gettext("Title"),
        [
            DataRequired(lazy_gettext("Give your review a title.")),
            Length(max=rules.MAX_TITLE),
            refuse_spoilers,
        ],
    )
    summary = LineField(lazy_gettext("In a nutshell"), [Length(max=limits.MAX_SUMMARY), refuse_spoilers])
    body = TextAreaField(lazy_gettext("Your review"))
    rating = SelectField(lazy_gettext("Your rating"), choices=RATINGS, validate_choice=False)

    @property
    def text(self) -> str:
        return clean_text(self.body.data)

    def merge_with_draft(self, draft: ReviewDraft | None, reading: Reading | None, writer: Writer) -> bool:
        """Merge a form that publishes. If it was not made from this draft, merge only its rating."""
        if draft is None or draft.submission != self.submission.data:
            # The words were not made from that draft, so the two cannot clash, and the draft stays.
            self.aside = self.aside | {"title", "summary", "body", "horizon", "horizon_place"}
        return self.merge(form_for(draft, reading, writer), Latest(when=draft.changed_at if draft else None))

    def merge(self, fresh: EditForm, latest: Latest | None = None) -> bool:
        """Merge as every form does. A rating that the member left alone counts as not given."""
        is_merged = super().merge(fresh, latest)
        # Otherwise an old page would put back a rating that the member has changed since.
        if "rating" in self.kept:
            self.half_stars = KEEP
        return is_merged

    def validate_rating(self, field: SelectField) -> None:
        # A form without the field leaves the rating alone.
        if not field.raw_data:
            return
        try:
            self.half_stars = rating_from(field.data or "")
        except PlaceError as problem:
            raise ValidationError(str(problem)) from None

    def default_horizon(self, writer: Writer) -> None:
        """Return None: the author of a review must choose its horizon."""
        return


class DraftForm(ReviewForm):
    """A review that is not published yet: only its words are required."""

    # Nobody else reads a draft. Spoilers in its title and summary are looked for when it is published.
    title = LineField(lazy_gettext("Title"), [Length(max=rules.MAX_TITLE)])
    summary = LineField(lazy_gettext("In a nutshell"), [Length(max=limits.MAX_SUMMARY)])
    # A draft spoils nothing for anyone; prose_of() looks for open spoilers before it is published.
    asks_about_doubt = False

    @property
    def says_all(self) -> bool | None:
        """Return whether it is for those who have finished; None if nothing new was chosen."""
        is_said = self.horizon.data and "horizon" not in self.kept
        return self.horizon.data == "finished" if is_said else None


class SubmissionForm(OnceForm):
    """The button that publishes a draft, with the key of the draft."""


def form_for(draft: ReviewDraft | None, reading: Reading | None, writer: Writer) -> ReviewForm:
    """Return the form for a new review, with the author's draft and the rating that they already gave."""
    form = ReviewForm(formdata=None)
    form.rating.data = stars(reading)
    if draft is None:
        return form.offer(writer)
    form.title.data = rules.title_of(draft.title, draft.book.title)
    # The form takes the key of the draft, so that the review is made once, from here or from the list.
    form.summary.data, form.body.data, form.submission.data = draft.summary, draft.body, draft.submission
    # A draft only knows "for those who have finished". Any other horizon is chosen when it is published.
    return form.offer(writer, chosen="finished" if draft.has_spoilers else None)


def prose_of(draft: DraftRow) -> Prose | None:
    """Return the rendered body of a draft, or None if it cannot be published as it stands.

    Its author also has to look at it if the title or the summary hides a spoiler, or if the body leaves one
    open.
    """
    body = draft.body
    if find_spoilers(draft.title) or find_spoilers(draft.summary) or find_doubtful_spoiler(body):
        return None
    try:
        sizes = sizes_in(pictures_named(body), Owner("draft", draft.id))
        prose = render(body, addresses_of(body), sizes)
    except TextError:
        return None
    # A picture without words is for its author to look at, too.
    fits = body.strip() and len(body) <= rules.MAX_BODY and not pictures_without_words(prose.html)
    return prose if fits else None


def edit_form_for(review: Review, reading: Reading | None, writer: Writer) -> ReviewForm:
    """Return the form in which its author edits a review."""
    form = ReviewForm(formdata=None)
    # The author edits what they typed, and not the texts with their spoilers hidden.
    form.title.data, form.summary.data, form.body.data = (
        typed(review.title),
        typed(review.summary),
        review.body,
    )
    warn_of_spoilers(form.title, form.summary)
    form.rating.data = stars(reading)
    return form.offer(writer, chosen=chosen_for(review, writer.contents))


def stars(reading: Reading | None) -> str:
    """Return a reader's rating as the form writes it."""
    return f"{reading.rating / 2:g}" if reading and reading.rating else ""
