"""Where customers come from: countries, working weeks, and names in their own script (``cultures.toml``)."""

import functools
import importlib.resources
import tomllib
from dataclasses import dataclass


@dataclass(frozen=True)
class Culture:
    """One naming culture: its countries, the hours it works in, and how names are put together."""

    slug: str
    weight: float
    countries: tuple[str, ...]
    utc_offset_hours: float
    currency: str
    weekend: tuple[int, ...]
    family_first: bool
    joiner: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    companies: tuple[str, ...]
    coined: tuple[str, ...]
    coined_endings: tuple[str, ...]


@functools.cache
def all_cultures() -> tuple[Culture, ...]:
    """Every culture, in the order of the file."""
    text = importlib.resources.files(__package__).joinpath("cultures.toml").read_text(encoding="utf-8")
    return tuple(
        Culture(
            slug=slug,
            weight=table["weight"],
            countries=tuple(table["countries"]),
            utc_offset_hours=table["utc_offset_hours"],
            currency=table["currency"],
            weekend=tuple(table["weekend"]),
            family_first=table["family_first"],
            joiner=table["joiner"],
            given=tuple(table["given"].split()),
            family=tuple(table["family"].split()),
            companies=tuple(table["companies"]),
            coined=tuple(table.get("coined", ())),
            coined_endings=tuple(table.get("coined_endings", ())),
        )
        for slug, table in tomllib.loads(text).items()
    )
