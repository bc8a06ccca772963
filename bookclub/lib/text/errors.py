"""Error for a text that cannot be accepted."""


class TextError(ValueError):
    """Error for a text that cannot be accepted; its message is a sentence that tells the writer why."""
