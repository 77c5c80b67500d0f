"""Tables of what is known about customers now, and of what is on its way to the lake."""

from keepwell.ledger.models.accounts import Account, Ownership
from keepwell.ledger.models.amendments import Amendment
from keepwell.ledger.models.arrivals import Arrivals
from keepwell.ledger.models.change_requests import ChangeRequest
from keepwell.ledger.models.contracts import Contract
from keepwell.ledger.models.courses import Course, CourseSession
from keepwell.ledger.models.criteria import AcceptanceCriterion
from keepwell.ledger.models.definitions import FieldDefinition
from keepwell.ledger.models.enrolments import Enrolment
from keepwell.ledger.models.erasures import ErasedMark, Erasure, ErasureCertificate
from keepwell.ledger.models.files import File
from keepwell.ledger.models.gap_requests import GapRequest
from keepwell.ledger.models.gaps import ProductGap
from keepwell.ledger.models.hand_overs import HandOver
from keepwell.ledger.models.identity import IdentityLink, PersonAlias, Placement
from keepwell.ledger.models.integrations import Integration
from keepwell.ledger.models.invoices import Invoice
from keepwell.ledger.models.looks import Look
from keepwell.ledger.models.milestones import Milestone
from keepwell.ledger.models.notes import Note, NoteMention, NoteWording
from keepwell.ledger.models.obligations import Obligation
from keepwell.ledger.models.organisation import AccountDomain, ParentLink, Reorganisation
from keepwell.ledger.models.outbox import Clash, EventKey, OriginRetraction, Parcel, RelayBatch, Retraction
from keepwell.ledger.models.people import Person, Stakeholder
from keepwell.ledger.models.raci import Raci
from keepwell.ledger.models.rates import ExchangeRate
from keepwell.ledger.models.removals import Removal
from keepwell.ledger.models.risks import RiskEntry
from keepwell.ledger.models.sentiments import Sentiment
from keepwell.ledger.models.sprints import Sprint
from keepwell.ledger.models.surveys import SurveyAnswer
from keepwell.ledger.models.tickets import Ticket
from keepwell.ledger.models.touchpoints import Touchpoint

__all__ = [
    "AcceptanceCriterion",
    "Account",
    "AccountDomain",
    "Amendment",
    "Arrivals",
    "ChangeRequest",
    "Clash",
    "Contract",
    "Course",
    "CourseSession",
    "Enrolment",
    "ErasedMark",
    "Erasure",
    "ErasureCertificate",
    "EventKey",
    "ExchangeRate",
    "FieldDefinition",
    "File",
    "GapRequest",
    "HandOver",
    "IdentityLink",
    "Integration",
    "Invoice",
    "Look",
    "Milestone",
    "Note",
    "NoteMention",
    "NoteWording",
    "Obligation",
    "OriginRetraction",
    "Ownership",
    "Parcel",
    "ParentLink",
    "Person",
    "PersonAlias",
    "Placement",
    "ProductGap",
    "Raci",
    "RelayBatch",
    "Removal",
    "Reorganisation",
    "Retraction",
    "RiskEntry",
    "Sentiment",
    "Sprint",
    "Stakeholder",
    "SurveyAnswer",
    "Ticket",
    "Touchpoint",
]
