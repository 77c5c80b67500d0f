"""Tables of what is known about customers now, and of what is on its way to the lake."""

from keepwell.ledger.models.accounts import Account, Ownership
from keepwell.ledger.models.arrivals import Arrivals
from keepwell.ledger.models.contracts import Contract
from keepwell.ledger.models.identity import IdentityLink, PersonAlias, Placement
from keepwell.ledger.models.outbox import Clash, EventKey, OriginRetraction, Parcel, RelayBatch, Retraction
from keepwell.ledger.models.people import Person, Stakeholder
from keepwell.ledger.models.rates import ExchangeRate
from keepwell.ledger.models.removals import Removal
from keepwell.ledger.models.surveys import SurveyAnswer
from keepwell.ledger.models.tickets import Ticket
from keepwell.ledger.models.touchpoints import Touchpoint

__all__ = [
    "Account",
    "Arrivals",
    "Clash",
    "Contract",
    "EventKey",
    "ExchangeRate",
    "IdentityLink",
    "OriginRetraction",
    "Ownership",
    "Parcel",
    "Person",
    "PersonAlias",
    "Placement",
    "RelayBatch",
    "Removal",
    "Retraction",
    "Stakeholder",
    "SurveyAnswer",
    "Ticket",
    "Touchpoint",
]
