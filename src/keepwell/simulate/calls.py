"""Usage and plan confirmations as bodies of Segment's batch call, as Fernhill's product would send them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np

from keepwell.simulate.catalogue import FEATURES
from keepwell.simulate.plans import Confirmation
from keepwell.simulate.usage import Usage
from keepwell.simulate.world import World

# A batch of these calls stays under the 500 KB that Segment's clients and servers agree on.
CALLS_A_BODY = 2000

_encode = msgspec.json.Encoder().encode


def usage(world: World, events: Usage) -> Iterator[dict[str, Any]]:
    """One track call an event: who, for which account, what of the product, and when."""
    start = np.datetime64(world.span.moment(0).astimezone(UTC).replace(tzinfo=None), "s")
    stamps = np.datetime_as_string(start + events.at, unit="s").tolist()
    people = [(person.key, {"groupId": person.account}) for person in world.people]
    features = [(feature.event, {"feature": feature.slug}) for feature in FEATURES]
    columns = (events.number.tolist(), events.person.tolist(), events.feature.tolist(), stamps)
    for number, person, feature, stamp in zip(*columns, strict=True):
        (user, context), (event, properties) = people[person], features[feature]
        yield {
            "type": "track",
            "messageId": f"use-{world.seed}-{number}",
            "userId": user,
            "event": event,
            "properties": properties,
            "context": context,
            "timestamp": f"{stamp}Z",
        }


def confirmations(world: World, said: Sequence[Confirmation]) -> Iterator[dict[str, Any]]:
    """One track call a confirmation of a success plan."""
    for one in said:
        yield {
            "type": "track",
            "messageId": one.key,
            "userId": one.person,
            "event": "plan.confirmed",
            "context": {"groupId": one.account},
            "timestamp": _stamp(world.span.moment(one.at)),
        }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def bodies(calls: Iterable[dict[str, Any]]) -> Iterator[tuple[bytes, int]]:
    """The calls as bodies of requests, each with the number of calls in it."""
    batch: list[dict[str, Any]] = []
    for call in calls:
        batch.append(call)
        if len(batch) == CALLS_A_BODY:
            yield _encode({"batch": batch}), len(batch)
            batch = []
    if batch:
        yield _encode({"batch": batch}), len(batch)
