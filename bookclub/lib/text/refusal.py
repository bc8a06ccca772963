"""What a text that cannot be taken is refused with."""


class Refused(ValueError):
    """A text cannot be taken; the message is a sentence that tells its writer why."""
