"""Things that happen to the cast, told to the ledger and carried to the lake."""

from datetime import datetime, timedelta
from itertools import count

from keepwell.ledger.actions import events, relay
from keepwell.ledger.event import Event
from tests.world import NOW

_NUMBERS = count()


def event(account: str, name: str, days_ago: float, *, vouched: bool = True, **more: object) -> Event:
    """An event so many days before now."""
    at = NOW - timedelta(days=days_ago)
    return Event(  # type: ignore[arg-type]
        id=f"happening {next(_NUMBERS)}",
        account=account,
        name=name,
        at=at,
        source="tests",
        vouched=vouched,
        **more,
    )


def happen(*said: Event, at: datetime = NOW) -> None:
    """Store the events and carry them to the lake."""
    events.append(events=said, received_at=at)
    relay.all_waiting(at=at)


def uses(account: str, days_ago: float, person: str = "p1", feature: str = "export") -> Event:
    """Somebody uses the product."""
    return event(account, "page.viewed", days_ago, person=person, feature=feature)
