"""The base classes of all forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from gettext import NullTranslations
from secrets import token_urlsafe
from typing import Any

from babel.support import Translations
from flask import g
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, PasswordField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.fields.core import UnboundField
from wtforms.i18n import messages_path
from wtforms.widgets import TextArea

from .extensions import rehearsing
from .lib.text.characters import clean_text
from .lib.text.messages import lazy_gettext, locale

NOT_YET = lazy_gettext("This has not been sent yet. Check it and send it again.")
# As long as the columns that store it.
KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
Validators = dict[str, Sequence[Any]]


def choices_of(names: Mapping[str, str]) -> list[SelectChoice]:
    """Return the choices of a select, whose names may be translated whenever they are shown."""
    return [SelectChoice(value, name) for value, name in names.items()]


@cache
def _sentences_in(locale_name: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale_name], domain="wtforms")


class BaseForm(FlaskForm):
    """A form that cleans what was typed, and that no rehearsal accepts, so that it comes back as typed."""

    class Meta(FlaskForm.Meta):
        """Rendering and cleaning of fields. Words are shown in the direction of their own script."""

        def get_translations(self, form: BaseForm) -> NullTranslations:
            """Return WTForms' own sentences, whose file Flask-WTF would read again for every request."""
            return _sentences_in(str(locale()))

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            if isinstance(field, StringField) and not isinstance(field, HiddenField | PasswordField):
                # A direction that a template gives comes later and holds.
                render_kw = {"dir": "auto", **render_kw}
            return Markup(super().render_field(field, render_kw))

        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            """Clean all typed text except passwords. One-line fields get spaces for line ends."""
            sent = super().wrap_formdata(form, formdata)
            if sent is None:
                return None
            # A password counts with every character that was typed.
            secret = {field.name for field in form if isinstance(field, PasswordField)}
            of_one_line = {field.name for field in form if is_of_one_line(field)}
            cleaned = MultiDict[str, Any]()
            for name, value in sent.items(multi=True):
                if isinstance(value, str) and name not in secret:
                    value = clean_text(value)
                    value = value.replace("\n", " ") if name in of_one_line else value
                cleaned.add(name, value)
            return cleaned

    def validate(self, extra_validators: Validators | None = None) -> bool:
        """Check every field. In a rehearsal, refuse the form as a whole, too."""
        fits: bool = super().validate(extra_validators)
        if not rehearsing.get():
            return fits
        # If the form cannot be shown again, its texts are listed under these labels.
        labels_seen().update(
            (field.name, field.label.text) for field in self if not isinstance(field, HiddenField)
        )
        self.form_errors.append(str(NOT_YET))
        return False


class OnceForm(BaseForm):
    """A form that creates something, but only once: ``submission`` identifies a form that is sent twice."""

    submission = HiddenField(default=lambda: token_urlsafe(12))

    @property
    def sent_as(self) -> str | None:
        """The key of this form; None if it carries none that the club could have given it."""
        mark = self.submission.data
        return mark if mark and KEY.fullmatch(mark) else None


class TickField(BooleanField):
    """A box to tick. WTForms would take “0”, “no” and “off” for yes, and open the club to visitors."""

    def __init__(self, label: str, **bound: Any) -> None:
        super().__init__(label, false_values=(False, "false", "0", "no", "off", ""), **bound)


def is_of_one_line(field: Field) -> bool:
    """Return whether a field takes words on one line. A RuledText has a rule of its own for its lines."""
    is_words = isinstance(field, StringField) and not isinstance(field, HiddenField | PasswordField)
    return is_words and not isinstance(field.widget, TextArea) and not hasattr(field, "rule")


def labels_seen() -> dict[str, str]:
    """Return the labels of the visible fields in the forms that this request has checked, by field name."""
    if "labels_seen" not in g:
        g.labels_seen = {}
    found: dict[str, str] = g.labels_seen
    return found


def secret_names() -> frozenset[str]:
    """Return the names of the password fields of all forms."""
    # The fields of a class are unbound, as only an instance binds them.
    return frozenset(
        name
        for form in _all_forms(BaseForm)
        for name in dir(form)
        if isinstance(field := getattr(form, name, None), UnboundField)
        and issubclass(field.field_class, PasswordField)
    )


def _all_forms(form: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for each in form.__subclasses__():
        yield each
        yield from _all_forms(each)
