"""Conditions: English sentences with a stable slug, that answer fired or quiet for a band change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.kernel import errors

BANDS = ("green", "yellow", "red", "unknown")


@dataclass(frozen=True)
class BandTransition:
    """ "Health falls from {from_bands} to {to_band}"."""

    from_bands: tuple[str, ...]
    to_band: str

    slug = "band_transition"

    def fires(self, *, from_band: str, to_band: str) -> bool:
        """Whether this change of band is the one that is watched for."""
        return to_band == self.to_band and from_band in self.from_bands


def read(definition: Mapping[str, Any]) -> BandTransition:
    """The condition that a rule's definition declares."""
    condition = definition.get("condition", {})
    if condition.get("kind") != BandTransition.slug:
        raise errors.Invalid(
            f'"{condition.get("kind")}" is no kind of condition. Use "{BandTransition.slug}".'
        )
    from_bands, to_band = tuple(condition.get("from", ())), condition.get("to")
    unknown = [band for band in (*from_bands, to_band) if band not in BANDS]
    if unknown or not from_bands:
        raise errors.Invalid(
            f"A band transition needs `from` (a list) and `to`, each one of {', '.join(BANDS)}; not {unknown}."
        )
    return BandTransition(from_bands, str(to_band))
