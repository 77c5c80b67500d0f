"""The names of business events. Any other name is behaviour tracked in the customer's use of the product."""

FACTS: dict[str, str] = {
    "account.created": "An account became known; at its `since` day if that was given.",
    "account.churned": "An account left.",
    "contract.signed": "A contract began; value is its ARR, props its terms.",
    "contract.changed": "A contract's terms changed; value is its ARR, props its terms from now on.",
    "ticket.opened": "A ticket was opened; feature is its kind.",
    "ticket.escalated": "A ticket was escalated.",
    "ticket.resolved": "A ticket was resolved; value is the hours since it was opened.",
    "survey.answered": "A survey was answered; feature is nps, csat or ces, value the score.",
    "touchpoint.held": "We and the customer spoke; feature is the kind, value the minutes.",
    "touchpoint.declined": "The customer declined an invitation; feature is the kind.",
    "review.held": "A business review took place; value is 1 when an executive of the customer attended, else 0.",
    "plan.confirmed": "The success plan was confirmed or refreshed with the customer.",
    "identity.linked": "A raw key began or ceased to count for an account; feature is the account's number. Or a person's did.",
    "account.merged": "Another account became one with this one; feature is the other's key.",
    "account.split": "Part of this account became one of its own; feature is the new one's key.",
    "event.retracted": "A source took an event back; feature is the id of that event.",
    "health.band_changed": "An account's health moved to another band; value is the points, props say from where to where.",
    "incident.opened": "An incident was opened.",
    "incident.closed": "An incident was closed with a cause and a plan.",
}


def kind_of(name: str) -> str:
    """ "fact" for a catalogued business event, "usage" for anything else."""
    return "fact" if name in FACTS else "usage"
