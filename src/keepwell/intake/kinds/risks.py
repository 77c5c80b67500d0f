"""The risk log."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import (
    Field,
    ImportKind,
    account_field,
    colleague_field,
    in_order,
    key_field,
    prose,
    words,
)
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import risks

RISKS = ImportKind(
    "risks",
    "Risks",
    "One row a risk; import again when it is closed.",
    (
        key_field("risk_id", help="Your id of the risk."),
        account_field(),
        words("title", "Title", "What may go wrong.", required=True, aliases=("risk", "name", "description")),
        Field(
            "likelihood",
            "Likelihood",
            "From 1 (rare) to 5 (almost certain).",
            parsers.Within(1, 5),
            aliases=("probability",),
            empty=None,
        ),
        Field(
            "impact",
            "Impact",
            "From 1 (slight) to 5 (grave).",
            parsers.Within(1, 5),
            aliases=("severity",),
            empty=None,
        ),
        prose("mitigation", "Mitigation", "What is done about it.", aliases=("response",)),
        colleague_field("owner", "Owner", "E-mail address of who watches it.", aliases=("owner_email",)),
        Field(
            "state",
            "State",
            "Open, mitigated, accepted or closed.",
            parsers.one_of("open", "mitigated", "accepted", "closed"),
            aliases=("status",),
        ),
        Field(
            "raised_at",
            "Raised",
            "When it was seen.",
            parsers.moment,
            required=True,
            aliases=("raised_on", "created_at", "opened_at", "date"),
        ),
        Field(
            "closed_at",
            "Closed",
            "When it was over.",
            parsers.moment,
            aliases=("closed_on", "resolved_at"),
            empty=None,
        ),
    ),
    check=in_order("raised_at", "closed_at"),
    store=Store(models.RiskEntry, risks.upsert, ("key", "title", "mitigation")),
    tab="delivery",
    events=("risk.raised", "risk.closed"),
)
