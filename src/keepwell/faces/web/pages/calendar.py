"""What the preferences say of one's calendar address."""

from dataclasses import dataclass

from keepwell.access.queries.feeds import FeedView
from keepwell.faces.components import words
from keepwell.kernel import speech


@dataclass(frozen=True)
class CalendarPart:
    """Whether there is an address, in a sentence."""

    is_there: bool
    state: str


@dataclass(frozen=True)
class AddressPage:
    """The address, shown once; `webcal` opens the calendar program."""

    address: str
    webcal: str


def part(found: FeedView | None) -> CalendarPart:
    """What stands in the preferences."""
    if found is None:
        return CalendarPart(is_there=False, state=speech.told("You have no calendar address."))
    made = words.date_of(words.local_day(found.created_at))
    if found.last_read_at is None:
        said = speech.told("Your address is from %(day)s. No calendar program has read it yet.", day=made)
    else:
        read = words.date_of(words.local_day(found.last_read_at))
        said = speech.told("Your address is from %(day)s and was last read on %(read)s.", day=made, read=read)
    return CalendarPart(is_there=True, state=said)
