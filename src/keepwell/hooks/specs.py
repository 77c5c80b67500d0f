"""What a plug-in may answer; each function is asked of every plug-in."""

from collections.abc import Collection, Mapping, Sequence

import pluggy

from keepwell.hooks.columns import Columns
from keepwell.hooks.erasers import Eraser

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
    def metrics_asked(self) -> Mapping[str, Collection[str]]:  # type: ignore[empty-body]
        """The metrics that the plug-in rests on, by the title of what asks for them: these are stored, and not retired."""
