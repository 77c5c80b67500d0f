"""Deeds on tickets."""

import json

from keepwell.ledger import models
from keepwell.ledger.actions import service
from keepwell.ledger.actions.upserts import Said, says

upsert = service.upserting(models.Ticket)


@says(models.Ticket)
def _says(ticket: models.Ticket) -> list[Said]:
    told = (
        {"ticket": ticket.key, "severity": ticket.severity.lower()}
        if ticket.severity
        else {"ticket": ticket.key}
    )
    named = json.dumps(told)
    subject = json.dumps({**told, "subject": ticket.subject}) if ticket.subject else named
    said = [Said("ticket.opened", ticket.opened_at, feature=ticket.kind, props=subject)]
    if ticket.escalated or ticket.escalated_at:
        escalated_at = ticket.escalated_at or ticket.opened_at
        said.append(Said("ticket.escalated", escalated_at, feature=ticket.kind, props=named))
    if ticket.resolved_at:
        hours = (ticket.resolved_at - ticket.opened_at).total_seconds() / 3600
        first = ticket.first_contact_resolution
        solved = json.dumps(told if first is None else {**told, "first_contact": "yes" if first else "no"})
        said.append(Said("ticket.resolved", ticket.resolved_at, ticket.kind, hours, solved))
    return said
