"""What waits in the outbox, unpacked: one object an event."""

from dataclasses import dataclass
from datetime import datetime

from keepwell.ledger import catalogue, models, parcels


@dataclass(frozen=True)
class Waiting:
    """An event on its way to the lake."""

    event_id: str
    account: str
    person: str
    name: str
    feature: str
    kind: str
    at: datetime
    known_at: datetime
    received_at: datetime
    value: float | None
    source: str
    props: str
    origin: int | None


def waiting(**wanted: object) -> list[Waiting]:
    """The waiting events whose columns have the wanted values, by id."""
    found = [event for payload in _payloads() for event in _events(parcels.unpacked(bytes(payload)))]
    chosen = [e for e in found if all(getattr(e, name) == value for name, value in wanted.items())]
    return sorted(chosen, key=lambda e: e.event_id)


def the_one(**wanted: object) -> Waiting:
    """The one waiting event whose columns have the wanted values."""
    (event,) = waiting(**wanted)
    return event


def _payloads() -> list[bytes]:
    return list(models.Parcel.objects.order_by("pk").values_list("payload", flat=True))


def _events(columns: parcels.Columns) -> list[Waiting]:
    return [
        Waiting(
            event_id=columns.id[i],
            account=columns.account[i],
            person=columns.person[i],
            name=columns.name[i],
            feature=columns.feature[i],
            kind=catalogue.kind_of(columns.name[i]),
            at=columns.at[i],
            known_at=columns.known_at[i],
            received_at=columns.received_at,
            value=columns.value[i],
            source=columns.source[i],
            props=columns.props[i],
            origin=columns.origin[i],
        )
        for i in range(len(columns))
    ]
