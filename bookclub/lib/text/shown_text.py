"""Text that is shown in other words than those in which it is stored."""

from __future__ import annotations


class ShownText(str):
    """Words as readers see them; ``typed`` is what is stored, and what is written again."""

    typed: str

    def __new__(cls, shown: str, stored: str) -> ShownText:
        text = super().__new__(cls, shown)
        text.typed = stored
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Return what a copy is made from."""
        return str(self), self.typed


def typed(text: str) -> str:
    """Return words as they are stored: as their author typed them."""
    return text.typed if isinstance(text, ShownText) else text
