"""Texts in UTF-8 that some program before us took for Windows-1252, put right: "CortÃ¡zar"."""

from __future__ import annotations

import re

# The signs of Windows-1252 and Latin-1 that stand for the second and later bytes of a letter in UTF-8.
_REST = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# Those of them that stand in plain texts, too, behind a capital letter: "SMÅ–".
_PLAIN = "‘’“”–—…»·°´"
# No language puts these together. What is in doubt needs two of its kind, or a letter behind.
_SURE = re.compile(
    f"Ã[\u0080-\u00bf‰„œŸ€‡Œ–]|Â[\u00a0-\u00bf]|â€|[ÄÅ](?![{_PLAIN}])[{_REST}]|[ÄÅ][»°´](?=[a-zß-ÿ])"
    f"|(?:[ÐÑ][{_REST}]\\W?){{2}}|(?:[ÎÏ][{_REST}]\\W?){{2}}|(?:[×Ø][{_REST}]\\W?){{2}}|[ã-í][{_REST}]{{2}}"
)
# The second half of "à" is a space that does not break, which others trim or make a plain space: "La cittÃ".
_TRIMMED = re.compile(r"(?<=[a-zß-ÿ])Ã(?=\Z|[ ,;:.!?)])(?: (?= ))?|(?:\A|(?<=\s))Ã(?= [a-z])")
# The last sign of a closing quotation mark has no place in Windows-1252, and was dropped.
_UNCLOSED = re.compile(r"â€(?=\Z|[\s,.;:!?)])")


def put_right(text: str) -> str:
    """The text as it was before it was misread; any other text as it is."""
    if text.isascii():
        return text
    if "Ã" in text:
        text = _TRIMMED.sub("Ã\u00a0", text)
    if not _SURE.search(text):
        return text
    try:
        codes = (sign.encode("latin-1" if sign < "\u0100" else "cp1252") for sign in _whole(text))
        return b"".join(codes).decode("utf-8")
    except UnicodeError:
        return text


def _whole(text: str) -> str:
    return _UNCLOSED.sub("â€\u009d", text)
