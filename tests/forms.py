"""The forms of a page as somebody fills them in: fields with their labels, and where the form is sent to."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

NO_TEXT = {"submit", "button", "image", "reset"}
VOID = {"input", "br", "img", "hr", "meta", "link", "wbr", "path", "rect"}


@dataclass
class Field:
    """One control, or a group of radio buttons; ``options`` are the values that it offers."""

    name: str
    kind: str
    value: str = ""
    label: str = ""
    id: str = ""
    on: bool = True
    longest: int = 1000
    options: list[str] = field(default_factory=list)

    @property
    def is_visible(self) -> bool:
        return self.kind != "hidden"


@dataclass
class Form:
    """A form. ``buttons`` are pairs: where each sends it to ("" for ``action``), and what it adds to it."""

    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def sent(self) -> dict[str, list[str]]:
        """The fields that a browser would send as the form stands, without files."""
        sent: dict[str, list[str]] = {}
        for each in self.fields:
            if each.on and each.kind != "file":
                sent.setdefault(each.name, []).append(each.value)
        return sent

    def visible(self) -> list[Field]:
        return [each for each in self.fields if each.is_visible]

    def hidden(self) -> dict[str, str]:
        return {each.name: each.value for each in self.fields if not each.is_visible}


class _Parser(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.labels: dict[str, str] = {}
        self.label: str | None = None
        self.select: Field | None = None
        self.area: Field | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(said.get("method", "get").lower(), said.get("action", ""))
            self.forms.append(self.form)
        elif tag == "label":
            self.label = said.get("for", "")
            self.labels[self.label] = ""
        elif self.form is not None:
            self._control(tag, said)

    def _control(self, tag: str, said: dict[str, str]) -> None:
        form = self.form
        assert form is not None
        kind = said.get("type", "text") if tag == "input" else tag
        # A name for password managers is not there to be typed.
        kind = "hidden" if "readonly" in said or "hidden" in said else kind
        new = Field(
            said.get("name", ""), kind, said.get("value", ""), said.get("aria-label", ""), said.get("id", "")
        )
        new.longest = int(said.get("maxlength", 1000))
        if tag == "button" and said.get("type") != "button":
            pressed = {new.name: new.value} if new.name else {}
            form.buttons.append((said.get("formaction", ""), pressed))
        elif tag == "option" and self.select is not None:
            self.select.options.append(new.value)
            if "selected" in said or len(self.select.options) == 1:
                self.select.value = new.value
        elif tag in ("input", "select", "textarea") and new.name and kind not in NO_TEXT:
            new.on = "disabled" not in said and (kind not in ("checkbox", "radio") or "checked" in said)
            self.select = new if tag == "select" else self.select
            self.area = new if tag == "textarea" else self.area
            form.fields.append(new)

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data
        elif self.label is not None and self.select is None:
            self.labels[self.label] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.label = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.replace("\r\n", "\n").removeprefix("\n")
            self.area = None
        elif tag == "form":
            self.form = None


def forms_on(page: str) -> list[Form]:
    """The forms of a page that post, each visible field with its label."""
    parser = _Parser(page)
    for form in parser.forms:
        for each in form.fields:
            each.label = " ".join((parser.labels.get(each.id) or each.label).split())
    return [form for form in parser.forms if form.method == "post"]
