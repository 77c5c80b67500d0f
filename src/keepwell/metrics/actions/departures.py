"""The deed of declaring when a customer counts as gone."""

from datetime import datetime
from typing import Any

from keepwell.access.actions import settings
from keepwell.access.scopes import Scope
from keepwell.metrics import departures


def declare(*, definition: Any, by: Scope, at: datetime) -> departures.Departure:
    """Say when a customer has left; proofs made from now on go by it."""
    found = departures.read(definition)
    settings.put(key=departures.KEY, value=found.definition, by=by, at=at)
    return found
