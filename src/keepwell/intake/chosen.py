"""Which rejections are meant, in words that a page, the API, the command line and a job share."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from keepwell.intake import kinds, reasons
from keepwell.kernel import errors

CALLS = "calls"
STATES = ("open", "replayed", "dismissed")


@dataclass(frozen=True)
class Chosen:
    """A choice of rejections; what is left out does not narrow it.

    `kind` is a kind of import or "calls"; `known_now` means those that named an account which is known by now; `text`
    stands in the reason, the content or the messageId.
    """

    state: str = "open"
    why: str = ""
    about: str = ""
    source: str = ""
    batch_id: int | None = None
    kind: str = ""
    text: str = ""
    known_now: bool = False
    ids: tuple[int, ...] = ()

    def checked(self) -> "Chosen":
        """The choice itself; `Invalid` when it asks for what there cannot be."""
        if self.state not in STATES:
            raise errors.Invalid(
                '"%(state)s" is no state. Use one of: %(listed)s.', state=self.state, listed=", ".join(STATES)
            )
        if self.why and self.why not in reasons.REASONS:
            raise errors.Invalid(
                '"%(why)s" is no reason. Use one of: %(listed)s.',
                why=self.why,
                listed=", ".join(reasons.REASONS),
            )
        if self.kind and self.kind != CALLS:
            kinds.find(self.kind)
        return self

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out but by state."""
        return self != Chosen(state=self.state)

    def plain(self) -> dict[str, Any]:
        """What JSON can hold; only what narrows."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None, False, ())}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Chosen":
        """From what `plain` gave."""
        known = {name: value for name, value in plain.items() if name in cls.__dataclass_fields__}
        return cls(**(known | {"ids": tuple(known.get("ids", ()))}))
