"""What this stage says in the ledger of its own deeds."""

from datetime import datetime

import msgspec

from keepwell.ledger.actions import events
from keepwell.ledger.event import Event

SOURCE = "keepwell"


def tell(
    *,
    account: str,
    name: str,
    of: str,
    number: int,
    at: datetime,
    again: bool = False,
    mark: str = "",
    feature: str = "",
) -> None:
    """Say what became of an incident, a task or a response; `again` for what may happen more than once, or its `mark`."""
    mark = f":{at.isoformat()}" if again else f":{mark}" if mark else ""
    said = Event(
        id=f"~{of}:{number}:{name}{mark}",
        account=account,
        name=name,
        feature=feature,
        at=at,
        source=SOURCE,
        props=msgspec.json.encode({of: number}).decode(),
    )
    events.append(events=[said], received_at=at)
