"""Kinds of steps that a playbook may have; later stages add theirs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class Begun(NamedTuple):
    """What became of a step that was begun: its outcome, or none while it goes on (then somebody or a later look ends it)."""

    outcome: str = ""
    because: str = ""


class StepAsked(NamedTuple):
    """A step whose turn has come: for whom, whose it is, until when, and its texts with their fields filled.

    `unfilled` are the fields of which nothing is known. `run` and `step` are the rows' numbers.
    """

    run: int
    step: int
    slug: str
    title: str
    playbook: str
    account_id: int
    account_key: str
    owner_id: int | None
    role: str
    said: Mapping[str, Any]
    unfilled: Sequence[str]
    due_at: datetime
    at: datetime


class StepKind(Protocol):
    """One kind: what it may say, what it does, and the outcomes that later steps may follow.

    `texts` are the keys that hold texts with {fields}; `needs` those that must be there. `is_automatic` says that nobody has to
    do anything, so that it does nothing where it cannot be told whether it should.
    """

    @property
    def slug(self) -> str:
        """Its stable name."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def sentence(self) -> str:
        """What it does."""

    @property
    def outcomes(self) -> Sequence[str]:
        """How it may end; the first is the usual way."""

    @property
    def is_automatic(self) -> bool:
        """Whether it does itself."""

    @property
    def needs(self) -> Sequence[str]:
        """What it must say."""

    @property
    def may(self) -> Sequence[str]:
        """What else it may say."""

    @property
    def texts(self) -> Sequence[str]:
        """Which of these hold texts with fields."""

    def checked(self, said: Mapping[str, Any]) -> None:
        """Refuse what cannot be meant."""

    def begin(self, asked: StepAsked) -> Begun:
        """Do it, within the transaction in which the step begins; the same step is begun once."""
