"""Repair of UTF-8 text that another program read as Windows-1252: "CortÃ¡zar"."""

from __future__ import annotations

import re

# The characters in Windows-1252 and Latin-1 for the second and later bytes of a letter in UTF-8.
_TAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# Those of them that also occur in correct text after a capital letter: "SMÅ–".
_CORRECT_TOO = "‘’“”–—…»·°´"
# No language puts these together. Doubtful ones need two of their kind, or a letter after them.
_SURE = re.compile(
    f"Ã[\u0080-\u00bf‰„œŸ€‡Œ–]|Â[\u00a0-\u00bf]|â€|[ÄÅ](?![{_CORRECT_TOO}])[{_TAIL}]|[ÄÅ][»°´](?=[a-zß-ÿ])"
    f"|(?:[ÐÑ][{_TAIL}]\\W?){{2}}|(?:[ÎÏ][{_TAIL}]\\W?){{2}}|(?:[×Ø][{_TAIL}]\\W?){{2}}|[ã-í][{_TAIL}]{{2}}"
)
# The second half of "à" is a no-break space, which other programs trim or make a plain space: "La cittÃ".
_TRIMMED = re.compile(r"(?<=[a-zß-ÿ])Ã(?=\Z|[ ,;:.!?)])(?: (?= ))?|(?:\A|(?<=\s))Ã(?= [a-z])")
# Windows-1252 has no character for the last byte of a closing quotation mark, so it was dropped.
_UNCLOSED = re.compile(r"â€(?=\Z|[\s,.;:!?)])")


def repair_mojibake(text: str) -> str:
    """Return the text as it was before it was misread; any other text unchanged."""
    if text.isascii():
        return text
    if "Ã" in text:
        text = _TRIMMED.sub("Ã\u00a0", text)
    if not _SURE.search(text):
        return text
    try:
        codes = (sign.encode("latin-1" if sign < "\u0100" else "cp1252") for sign in _close_quotes(text))
        return b"".join(codes).decode("utf-8")
    except UnicodeError:
        return text


def _close_quotes(text: str) -> str:
    return _UNCLOSED.sub("â€\u009d", text)
