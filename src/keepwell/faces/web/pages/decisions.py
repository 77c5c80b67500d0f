"""What the pages of preferences and of the company's settings say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext

from keepwell.access.decisions import Decision
from keepwell.access.queries.decisions import Company
from keepwell.faces.components.marks import Option
from keepwell.faces.web.pages.calendar import CalendarPart
from keepwell.faces.web.places import GROUPS
from keepwell.kernel import speech

WEEKDAYS = (
    speech.later("Monday"),
    speech.later("Tuesday"),
    speech.later("Wednesday"),
    speech.later("Thursday"),
    speech.later("Friday"),
    speech.later("Saturday"),
    speech.later("Sunday"),
)


DIGEST = "digest"  # chosen beside the notifications that it tells


@dataclass(frozen=True)
class Asked:
    """One decision as a field of a form."""

    slug: str
    title: str
    help: str
    form: str
    value: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class DecisionsPage:
    """A form of decisions."""

    title: str
    state: str
    fields: tuple[Asked, ...]
    may_change: bool
    refused: str
    zones: tuple[str, ...]
    calendar: CalendarPart | None = None


def preferences(
    said: Mapping[str, Any],
    decisions: Sequence[Decision],
    *,
    calendar: CalendarPart,
    refused: str = "",
) -> DecisionsPage:
    """The form of a person."""
    return DecisionsPage(
        title=gettext("Your preferences"),
        state=gettext("How Keepwell looks and speaks to you, on every device where you sign in."),
        fields=tuple(_asked(one, said[one.slug]) for one in decisions if one.slug != DIGEST),
        may_change=True,
        refused=refused,
        zones=tuple(sorted(available_timezones())),
        calendar=calendar,
    )


def company(
    known: Company, decisions: Sequence[Decision], *, today: date, may_change: bool, refused: str = ""
) -> DecisionsPage:
    """The form of the company."""
    works = speech.told("a working day") if known.calendar.works_on(today) else speech.told("no working day")
    return DecisionsPage(
        title=gettext("Company"),
        state=speech.told(
            "Today is %(works)s, in %(label)s.", works=works, label=known.fiscal_year.label(today)
        ),
        fields=tuple(_asked(one, known.said[one.slug]) for one in decisions),
        may_change=may_change,
        refused=refused,
        zones=tuple(sorted(available_timezones())),
    )


def _asked(one: Decision, value: Any) -> Asked:
    options: tuple[Option, ...] = ()
    if one.choices is not None:
        options = tuple(Option(str(key), title, key == value) for key, title in one.choices.items())
    elif one.form == "days":
        options = tuple(Option(str(day), name, day in value) for day, name in enumerate(WEEKDAYS, 1))
    elif one.form == "place":
        places = [place for group in GROUPS for place in group.places]
        options = tuple(Option(place.name, place.title, place.name == value) for place in places)
        options = (Option("", speech.told("The first place of the rail"), not value), *options)
    text = "\n".join(value) if one.form == "dates" else str(value)
    return Asked(
        one.slug,
        gettext(one.title),
        gettext(one.help),
        "choice" if one.choices is not None or one.form == "place" else one.form,
        text,
        options,
    )
