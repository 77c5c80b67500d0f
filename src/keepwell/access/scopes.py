"""Who asks, what they may see, and what they may do: the argument `seen_by` of every query a face calls."""

from dataclasses import dataclass

from keepwell.access.roles import ADMINISTER
from keepwell.kernel.errors import Forbidden


@dataclass(frozen=True)
class Scope:
    """What one asker may see and do, resolved once per request.

    `owner_ids` are the people whose accounts the asker sees (the asker and the asker's teams) when not everything;
    `token_id` is the token of a program that asks.
    """

    user_id: int | None
    everything: bool
    owner_ids: frozenset[int]
    capabilities: frozenset[str]
    through: str
    token_id: int | None = None

    def may(self, capability: str) -> bool:
        """Whether the asker may do this kind of thing at all."""
        return capability in self.capabilities

    def require(self, capability: str) -> None:
        """Refuse unless the asker may do this kind of thing."""
        if not self.may(capability):
            raise Forbidden(
                'Your role does not allow "%(capability)s". Ask an administrator to do it or to '
                "change your role.",
                capability=capability,
            )


NOBODY = Scope(None, False, frozenset(), frozenset(), "nobody")


def system(*, through: str) -> Scope:
    """The machine's own scope: the command line and the jobs of whoever runs the server."""
    return Scope(None, True, frozenset(), ADMINISTER, through)
