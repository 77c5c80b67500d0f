"""What is wrong with a cadence that a form states, by the row where it is wrong. Pure."""

from collections.abc import Mapping
from typing import Any

from keepwell.kernel.errors import Invalid
from keepwell.plays import cadence


def problems(given: Mapping[str, Any]) -> dict[str, Invalid]:
    """By row: "band-red", "tier-0", "phase-1", "phase-1-touch-0", "phase-1-output-2"; each is read by itself."""
    found: dict[str, Invalid] = {}
    for band, one in given["bands"].items():
        _tried(found, f"band-{band}", {"bands": {band: one}})
    tiers: dict[str, Any] = {}
    for n, (slug, one) in enumerate(given["tiers"].items()):
        if _tried(found, f"tier-{n}", {"tiers": {slug: one}}):
            tiers[slug] = one
        else:
            tiers[slug] = {"title": "x", "automated": True}  # named by conversations all the same
    for n, phase in enumerate(given["phases"]):
        bare = {**phase, "touchpoints": [], "outputs": []}
        is_whole = _tried(found, f"phase-{n}", {"phases": [bare]})
        plain = bare if is_whole else {"slug": "x", "title": "x"}
        for place, key in (("touch", "touchpoints"), ("output", "outputs")):
            for at, one in enumerate(phase[key]):
                _tried(found, f"phase-{n}-{place}-{at}", {"tiers": tiers, "phases": [{**plain, key: [one]}]})
    return found


def _tried(found: dict[str, Invalid], place: str, given: Mapping[str, Any]) -> bool:
    try:
        cadence.read(given)
    except Invalid as refusal:
        found[place] = refusal
        return False
    return True
