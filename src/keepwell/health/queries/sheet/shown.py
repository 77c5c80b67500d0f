"""The columns that a list of accounts can show, sort by and group by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from keepwell.access.roles import ROLES
from keepwell.kernel import speech
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions.vocabulary import Subject, Vocabulary
from keepwell.segments.queries.vocabulary import FIELD, METRIC, OWNER, SEGMENT

Kind = Literal[
    "health",
    "spark",
    "change",
    "text",
    "number",
    "money",
    "day",
    "moment",
    "truth",
    "list",
    "owner",
    "step",
    "age",
]
USUAL = ("health", "spark", "change", "arr", "renewal", "owner", "touch")
TREND = "trend."


@dataclass(frozen=True)
class Column:
    """A column: `reads` is the subject it is sorted and grouped by, "" where it has no order.

    `then` tells that a past day can say it, `groups` that rows can be grouped by it.
    """

    slug: str
    title: str
    kind: Kind
    reads: str
    unit: str = ""
    place: str = speech.later("Account")
    then: bool = False
    groups: bool = False


_OWN = (
    Column("name", speech.later("Account"), "text", "lower_name", then=True),
    Column("health", speech.later("Health"), "health", "rank", place=speech.later("Health"), then=True),
    Column("spark", speech.later("13 weeks"), "spark", "", place=speech.later("Health"), then=True),
    Column("change", speech.later("Week"), "change", "week", place=speech.later("Health"), then=True),
    Column(
        "known",
        speech.later("Known weight"),
        "number",
        "score.known_weight",
        "%",
        place=speech.later("Health"),
        then=True,
    ),
    Column("band", speech.later("Band"), "text", "score.band", place=speech.later("Health"), groups=True),
    Column("arr", "ARR", "money", "arr"),
    Column("renewal", speech.later("Renewal"), "day", "renewal_date"),
    Column("owner", speech.later("Owner"), "owner", "owner_name.csm", groups=True),
    Column("touch", speech.later("Last touch"), "moment", "last_touch"),
    Column("next", speech.later("Next step"), "step", "next_step"),
    Column("age", speech.later("Data age"), "age", "heard"),
    Column("phase", speech.later("Phase"), "text", "phase", groups=True),
    Column("industry", speech.later("Industry"), "text", "industry", groups=True),
    Column("country", speech.later("Country"), "text", "country", groups=True),
    Column("tier", speech.later("Tier"), "text", "tier", groups=True),
    Column("since", speech.later("Customer since"), "day", "since"),
    Column("tags", speech.later("Tags"), "list", ""),
    Column("key", speech.later("Key"), "text", "key", then=True),
)
_GROUPED = ("text", "truth")


def catalogued(vocabulary: Vocabulary) -> dict[str, Column]:
    """Every column by its slug: of the account, its owners, custom fields, measures with their trends, segments."""
    found = list(_OWN)
    found += [
        Column(
            OWNER + slug, role.title, "owner", f"owner_name.{slug}", place=speech.told("Owners"), groups=True
        )
        for slug, role in ROLES.items()
        if slug not in ("csm", "customer")
    ]
    for subject in vocabulary.subjects.values():
        found += _of(subject)
    return {column.slug: column for column in found}


def _of(subject: Subject) -> tuple[Column, ...]:
    """The columns that a subject of conditions gives."""
    slug, title = subject.slug, subject.title
    if slug.startswith(FIELD):
        kind = cast("Kind", subject.kind)
        groups = subject.kind in _GROUPED
        return (Column(slug, title, kind, slug, subject.unit, speech.told("Custom fields"), groups=groups),)
    if slug.startswith(SEGMENT):
        title = title.removeprefix("In segment ")
        return (Column(slug, title, "truth", slug, place=speech.told("Segments"), groups=True),)
    if slug.startswith(METRIC):
        trend = TREND + slug.removeprefix(METRIC)
        return (
            Column(slug, title, "number", slug, subject.unit, speech.told("Measures"), then=True),
            Column(
                trend,
                speech.told("%(title)s, 13 weeks", title=title),
                "spark",
                slug,
                subject.unit,
                speech.told("Trends"),
                then=True,
            ),
        )
    return ()


def find(slug: str, columns: Mapping[str, Column], *, what: str = "column") -> Column:
    """The column of this slug; refuses another."""
    if slug not in columns:
        usual = ", ".join(c.slug for c in _OWN)
        raise Invalid(
            '"%(slug)s" is no %(what)s of a list of accounts. Use %(usual)s, or metric.…, field.…, '
            "owner.…, segment.….",
            slug=slug,
            what=what,
            usual=usual,
        )
    return columns[slug]
