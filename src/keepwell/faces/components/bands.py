"""The four answers of health, each with a word and a shape, so that colour is never alone in saying it."""

from dataclasses import dataclass

from keepwell.kernel import speech


@dataclass(frozen=True)
class Band:
    """A band's slug, its word, and its shape as an SVG path in a 12 by 12 box."""

    slug: str
    word: str
    shape: str


BANDS = {
    band.slug: band
    for band in (
        Band("green", speech.later("Healthy"), "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z"),
        Band("yellow", speech.later("Watch"), "M6 1.2 10.8 6 6 10.8 1.2 6z"),
        Band("red", speech.later("At risk"), "M6 1.6 11 10.4H1z"),
        Band(
            "unknown",
            speech.later("Unknown"),
            "M6 1.8a4.2 4.2 0 1 0 0 8.4a4.2 4.2 0 1 0 0-8.4z",
        ),
    )
}


def band(slug: str | None) -> Band:
    """The band of a slug; what is not known is the unknown band."""
    return BANDS.get(slug or "unknown", BANDS["unknown"])
