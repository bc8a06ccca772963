"""What a review is made of."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from ..readings.actions import KEEP
from ..readings.forms import RATINGS
from ..readings.models import Reading
from ..readings.rules import PlaceError, rating_from
from ..threads.forms import ComposerForm, chosen_for, clean_line
from ..threads.rules import Writer
from . import rules
from .models import Review


class ReviewForm(ComposerForm):
    """A review: title and summary safe for everybody, a body, and what that gives away."""

    longest = rules.MAX_BODY
    half_stars: object = KEEP

    title = StringField("Title", [InputRequired("Give your review a title."), Length(max=rules.MAX_TITLE)])
    summary = StringField("In a nutshell", [Length(max=rules.MAX_SUMMARY)])
    body = TextAreaField("Your review")
    rating = SelectField("Your rating", choices=RATINGS, validate_choice=False)

    def validate_title(self, field: StringField) -> None:
        field.data = clean_line(field.data)
        if not field.data:
            raise ValidationError("Give your review a title.")

    def validate_summary(self, field: StringField) -> None:
        field.data = clean_line(field.data)

    def validate_rating(self, field: SelectField) -> None:
        if not field.raw_data:
            return
        try:
            self.half_stars = rating_from(field.data or "")
        except PlaceError as problem:
            raise ValidationError(str(problem)) from None

    def default_horizon(self, writer: Writer) -> None:
        """Nothing: what a review gives away must be chosen."""
        return


def review_form_for(reading: Reading | None, writer: Writer) -> ReviewForm:
    """An empty form for a new review, with the rating that the reader already gave."""
    form = ReviewForm(formdata=None)
    form.rating.data = stars(reading)
    return form.offer(writer)


def edit_form_for(review: Review, reading: Reading | None, writer: Writer) -> ReviewForm:
    """The form in which its author changes a review."""
    form = ReviewForm(formdata=None)
    form.title.data, form.summary.data, form.body.data = review.title, review.summary, review.body
    form.rating.data = stars(reading)
    return form.offer(writer, chosen=chosen_for(review, writer.contents))


def stars(reading: Reading | None) -> str:
    """A reader's rating as the form writes it."""
    return f"{reading.rating / 2:g}" if reading and reading.rating else ""
