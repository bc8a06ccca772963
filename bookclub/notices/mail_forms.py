"""Form of when a member wants mail about what."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from wtforms import SelectField

from ..forms import BaseForm, choices_of
from .mail_rules import FREQUENCY_NAMES, TOPICS, Topic, frequency_of


class MailPreferencesForm(BaseForm):
    """One choice for each topic, as the member made it, or as it is from the start."""

    def __init__(self, chosen: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(data={topic.name: frequency_of(topic, chosen) for topic in TOPICS})

    @property
    def topics_sent(self) -> list[Topic]:
        """The topics for which a choice was sent; the others stay as they are."""
        return [topic for topic in TOPICS if self[topic.name].raw_data]

    @property
    def choices(self) -> list[Any]:
        """The fields in their order."""
        return [self[topic.name] for topic in TOPICS]


for _topic in TOPICS:
    setattr(
        MailPreferencesForm,
        _topic.name,
        SelectField(
            _topic.label, choices=choices_of({each: FREQUENCY_NAMES[each] for each in _topic.frequencies})
        ),
    )
