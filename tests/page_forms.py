"""The forms on a page, with the values that a browser would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """A form: where it goes, what it would send, and its visible controls with the labels of their options.

    ``prefilled`` are the visible controls that show a value of their own, ``actions`` all addresses to
    which one of its buttons sends it, and ``kinds`` says of what kind each control is.
    """

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    prefilled: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)

    def label(self, name: str, value: str) -> str:
        """The words of an option, or the value itself where there is nothing to choose from."""
        return self.labels.get(name, {}).get(value, value)


class FormReader(HTMLParser):
    """Collects the forms of a page, and the texts of controls that can only be read."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.readonly: list[str] = []
        self.form: PageForm | None = None
        self.select = self.area = self.option = None
        self.text = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.form = PageForm(given.get("action") or "", (given.get("method") or "get").lower())
            self.form.actions.add(self.form.action)
            self.forms.append(self.form)
        elif tag == "textarea":
            self.area, self.text = given, ""
        elif self.form is None:
            return
        elif tag == "input" and given.get("name") and "disabled" not in given:
            self._input(given)
        elif tag == "select" and given.get("name"):
            self.select = given["name"]
            self.form.visible.add(self.select)
            self.form.labels[self.select] = {}
            self.form.kinds[self.select] = "select"
        elif tag == "option" and self.select:
            self.option, self.text = given, ""
        elif tag == "button" and given.get("formaction"):
            self.form.actions.add(given["formaction"])

    def _input(self, given):
        kind, name, value = given.get("type", "text"), given["name"], given.get("value") or ""
        self.form.kinds[name] = kind
        ticks = kind in ("checkbox", "radio")
        if kind != "hidden" and "hidden" not in given and "readonly" not in given:
            self.form.visible.add(name)
            if "checked" in given if ticks else value:
                self.form.prefilled.add(name)
        if kind == "text":
            # Of boxes for a list of things, an empty one for the next stands last.
            self.form.fields.setdefault(name, value)
        elif not ticks or "checked" in given:
            self.form.fields[name] = value

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area is not None:
            self._end_of_area(self.text.removeprefix("\r\n").removeprefix("\n"))
        elif tag == "option" and self.option is not None:
            self._end_of_option(self.text.strip())
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.form = None

    def _end_of_area(self, text):
        name, self.area = self.area.get("name"), None
        if name is None:
            self.readonly.append(text)
        elif self.form is not None:
            self.form.visible.add(name)
            self.form.fields[name], self.form.kinds[name] = text, "textarea"
            if text:
                self.form.prefilled.add(name)

    def _end_of_option(self, label):
        value, labels = self.option.get("value", label), self.form.labels[self.select]
        is_first = not labels
        labels[value] = label
        if is_first or "selected" in self.option:
            self.form.fields[self.select] = value
        if "selected" in self.option and not is_first:
            self.form.prefilled.add(self.select)
        self.option = None


def read_page(page: str) -> FormReader:
    """The forms and the read-only texts of a page."""
    reader = FormReader()
    reader.feed(page)
    return reader


def form_to(page: str, action: str, having: str = "") -> PageForm:
    """The form of a page that one of its buttons sends to this address, having a field of this name."""
    found = [form for form in read_page(page).forms if action in form.actions]
    found = [form for form in found if not having or having in form.visible]
    assert found, f"no form with {having or 'anything'} goes to {action}"
    return found[0]
