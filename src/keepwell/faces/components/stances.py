"""How somebody stands to us, with a word and a shape, so that colour is never alone in saying it."""

from dataclasses import dataclass

from keepwell.kernel import speech


@dataclass(frozen=True)
class Stance:
    """A stance's slug, its word, and its shape as an SVG path in a 12 by 12 box."""

    slug: str
    word: str
    shape: str


STANCES = {
    one.slug: one
    for one in (
        Stance(
            "champion",
            speech.later("Champion"),
            "M6 .8 7.6 4.2l3.700.5-2.700 2.600.7 3.700L6 9.200l-3.300 1.800.7-3.700L.7 4.700l3.700-.5z",
        ),
        Stance(
            "supporter",
            speech.later("Supporter"),
            "M6 1.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9z",
        ),
        Stance("neutral", speech.later("Neutral"), "M2 5h8v2H2z"),
        Stance("sceptic", speech.later("Sceptic"), "M6 1.200 10.800 6 6 10.800 1.200 6z"),
        Stance("blocker", speech.later("Blocker"), "M2 2h8v8H2z"),
        Stance(
            "unknown",
            speech.later("Stance not known"),
            "M6 1.800a4.200 4.200 0 1 0 0 8.400a4.200 4.200 0 1 0 0-8.400z",
        ),
    )
}


def stance(slug: str) -> Stance:
    """The stance of a slug; what is not known is its own."""
    return STANCES.get(slug, STANCES["unknown"])
