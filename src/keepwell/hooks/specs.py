"""What a plug-in may answer; each function is asked of every plug-in."""

from collections.abc import Sequence

import pluggy

from keepwell.hooks.columns import Columns
from keepwell.hooks.erasers import Eraser
from keepwell.hooks.rhythms import Rhythms
from keepwell.hooks.searchables import Few, Searchable
from keepwell.hooks.steps import StepKind
from keepwell.hooks.uses import Use
from keepwell.hooks.waiting import Source

NAME = "keepwell"
spec = pluggy.HookspecMarker(NAME)
impl = pluggy.HookimplMarker(NAME)


class Specs:
    """The questions, with their types."""

    @spec
    def erasers(self) -> Sequence[Eraser]:  # type: ignore[empty-body]
        """Every place of the plug-in that may hold something about a customer's person."""

    @spec
    def columns(self) -> Sequence[Columns]:  # type: ignore[empty-body]
        """What conditions may ask about an account beyond facts and metrics."""

    @spec
    def uses(self) -> Sequence[Use]:  # type: ignore[empty-body]
        """What of the plug-in rests on metrics and segments: these are not retired, and such metrics are stored."""

    @spec
    def waiting(self) -> Sequence[Source]:  # type: ignore[empty-body]
        """What of the plug-in waits for a person: the sources of Today."""

    @spec
    def searchables(self) -> Sequence[Searchable]:  # type: ignore[empty-body]
        """Rows of the plug-in's tables that people search for."""

    @spec
    def few(self) -> Sequence[Few]:  # type: ignore[empty-body]
        """What else people search for, of which there are few."""

    @spec
    def rhythms(self) -> Sequence[Rhythms]:  # type: ignore[empty-body]
        """Who says whether customers are met as often as is asked: one at most."""

    @spec
    def steps(self) -> Sequence[StepKind]:  # type: ignore[empty-body]
        """Kinds of steps that playbooks may have."""
