"""What this stage says in the ledger of its own deeds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.ledger.actions import events
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account
from keepwell.outcomes import models

SOURCE = "keepwell"


def tell(
    plan: models.SuccessPlan,
    name: str,
    *,
    by: Scope,
    at: datetime,
    feature: str = "",
    value: float | None = None,
    on: datetime | None = None,
    apart: str = "",
    title: str = "",
    **props: Any,
) -> None:
    """Say what became of a plan, and by whom, in the transaction of the deed; `on` is when it happened, if earlier;
    `apart` tells it from another of the same name and feature in that moment. `title` is what people call the feature: it
    stands in the event, and in no trail of deeds.
    """
    said = Event(
        id=named(plan, name, feature=feature, apart=apart, at=at),
        account=plan.account.key,
        name=name,
        feature=feature,
        value=value,
        at=on or at,
        source=SOURCE,
        props=msgspec.json.encode(props | ({"title": title} if title else {})).decode(),
    )
    events.append(events=[said], received_at=at)
    audit.record(by=by, at=at, deed=name, subject=f"plan:{plan.account.key}", feature=feature, **props)


def named(plan: models.SuccessPlan, name: str, *, at: datetime, feature: str = "", apart: str = "") -> str:
    """The id of what was told of a plan in a moment."""
    return f"~plan:{plan.pk}:{name}:{feature}{apart}:{at.isoformat()}"


def tell_account(
    account: Account, name: str, *, by: Scope, at: datetime, apart: str = "", **props: Any
) -> None:
    """Say what was done about an account, and by whom, in the transaction of the deed."""
    said = Event(
        id=f"~account:{account.pk}:{name}{apart}:{at.isoformat()}",
        account=account.key,
        name=name,
        at=at,
        source=SOURCE,
        props=msgspec.json.encode(props).decode(),
    )
    events.append(events=[said], received_at=at)
    audit.record(by=by, at=at, deed=name, subject=f"account:{account.key}", **props)


def tell_review(
    review: models.Review,
    name: str,
    *,
    by: Scope,
    at: datetime,
    feature: str,
    apart: str = "",
    words: Mapping[str, Any] | None = None,
    **props: Any,
) -> None:
    """Say what became of a business review, and by whom, in the transaction of the deed.

    `apart` tells it from another of the same name in that moment; `words` stand in the event, and in no trail of deeds.
    """
    said = Event(
        id=review_event(review, f"{name}{apart}", at),
        account=review.account.key,
        name=name,
        feature=feature,
        at=at,
        source=SOURCE,
        props=msgspec.json.encode({"review": review.pk, **props, **(words or {})}).decode(),
    )
    events.append(events=[said], received_at=at)
    audit.record(by=by, at=at, deed=name, subject=f"review:{review.pk}", account=review.account.key, **props)


def review_event(review: models.Review, name: str, at: datetime) -> str:
    """The id of what is said of a review in a moment."""
    return f"~review:{review.pk}:{name}:{at.isoformat()}"


def unsay_review(review: models.Review, name: str, *, said_at: datetime, at: datetime) -> None:
    """Take back what was said of a review: it counts no more, and still does as known before."""
    gone = events.Taken(review_event(review, name, said_at), review.account.key, at=said_at)
    events.retract(taken=[gone], source=SOURCE, received_at=at)
