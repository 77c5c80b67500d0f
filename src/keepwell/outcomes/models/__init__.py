"""Tables of what it is for."""

from keepwell.outcomes.models.advocacy import AdvocateAnswer, AdvocateAsk, AdvocateOutcome
from keepwell.outcomes.models.case_studies import CaseStudy, CaseStudyPublication, CustomerQuote
from keepwell.outcomes.models.decks import DeckRun, DeckTemplate
from keepwell.outcomes.models.journeys import Friction, FrictionSettlement, JourneyDeclaration
from keepwell.outcomes.models.opinions import Opinion, OpinionResolution
from keepwell.outcomes.models.plans import (
    Indicator,
    Objective,
    ObjectiveReach,
    PlanStep,
    PlanStepCompletion,
    Reading,
    SuccessPlan,
)
from keepwell.outcomes.models.reviews import (
    Review,
    ReviewAction,
    ReviewCancellation,
    ReviewDecision,
    ReviewGuest,
    ReviewHolding,
    ReviewScore,
)
from keepwell.outcomes.models.roadmap import GapWording
from keepwell.outcomes.models.stays import Stay, StayExtent, Walk
from keepwell.outcomes.models.templates import PlanTemplate
from keepwell.outcomes.models.value import (
    ValueConfirmation,
    ValueInput,
    ValueModel,
    ValueStatement,
    ValueTemplate,
)
from keepwell.outcomes.models.versions import PlanAgreement, PlanVersion

__all__ = [
    "AdvocateAnswer",
    "AdvocateAsk",
    "AdvocateOutcome",
    "CaseStudy",
    "CaseStudyPublication",
    "CustomerQuote",
    "DeckRun",
    "DeckTemplate",
    "Friction",
    "FrictionSettlement",
    "GapWording",
    "Indicator",
    "JourneyDeclaration",
    "Objective",
    "ObjectiveReach",
    "Opinion",
    "OpinionResolution",
    "PlanAgreement",
    "PlanStep",
    "PlanStepCompletion",
    "PlanTemplate",
    "PlanVersion",
    "Reading",
    "Review",
    "ReviewAction",
    "ReviewCancellation",
    "ReviewDecision",
    "ReviewGuest",
    "ReviewHolding",
    "ReviewScore",
    "Stay",
    "StayExtent",
    "SuccessPlan",
    "ValueConfirmation",
    "ValueInput",
    "ValueModel",
    "ValueStatement",
    "ValueTemplate",
    "Walk",
]
