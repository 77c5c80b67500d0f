"""Failures that a person can act on. Anything else that is raised is our bug."""


class Refused(Exception):
    """The deed was refused; the message names the value, what is allowed and what to do next."""


class Invalid(Refused):
    """What was sent cannot be understood or breaks a stated rule."""


class NotFound(Refused):
    """It does not exist, or the asker may not see it: the two are not told apart."""


class Forbidden(Refused):
    """The asker may see it, but may not do this to it."""


class Conflict(Refused):
    """Somebody was faster, or the same id already means something else."""
