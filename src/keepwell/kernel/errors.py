"""Failures that a person can act on. Anything else that is raised is our bug.

Each says a whole English sentence with named holes, and what fills them: who raises it knows no language. Programs, logs and
tables read it in English; where it is shown it is in the reader's language (`kernel.speech`).
"""

from keepwell.kernel import speech


class Refused(Exception):
    """The deed was refused; the message names the value, what is allowed and what to do next."""

    def __init__(self, text: str = "", /, **parts: object) -> None:
        self.text, self.parts = text, parts
        if isinstance(text, speech.Later):
            self.text, self.parts = text.text, dict(text.parts)

    @property
    def english(self) -> str:
        """As programs read and keep it: the cheapest, for errors by the hundred thousand."""
        return speech.filled(self.text, self.parts)

    def __str__(self) -> str:
        return speech.later(self.text, **self.parts)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Invalid(Refused):
    """What was sent cannot be understood or breaks a stated rule."""


class NotFound(Refused):
    """It does not exist, or the asker may not see it: the two are not told apart."""


class Forbidden(Refused):
    """The asker may see it, but may not do this to it."""


class Conflict(Refused):
    """Somebody was faster, or the same id already means something else."""
