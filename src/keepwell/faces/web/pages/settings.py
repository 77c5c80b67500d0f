"""What the settings page says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in."""

    name: str
    email: str
    role: str
    is_active: bool


@dataclass(frozen=True)
class SettingsPage:
    """You, how fresh the numbers are, and who else may sign in."""

    name: str
    email: str
    role: str
    sees: str
    computed: str
    people: tuple[Person, ...]
