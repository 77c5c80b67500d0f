"""What this stage says in the ledger of its own deeds."""

from datetime import datetime

import msgspec

from keepwell.ledger.actions import events
from keepwell.ledger.event import Event

SOURCE = "keepwell"


def tell(*, account: str, name: str, of: str, number: int, at: datetime, again: bool = False) -> None:
    """Say that something became of an incident or a task; `again` for what may happen to it more than once."""
    mark = f":{at.isoformat()}" if again else ""
    said = Event(
        id=f"~{of}:{number}:{name}{mark}",
        account=account,
        name=name,
        at=at,
        source=SOURCE,
        props=msgspec.json.encode({of: number}).decode(),
    )
    events.append(events=[said], received_at=at)
