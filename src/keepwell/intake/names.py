"""Which names an event from outside may not have."""

from keepwell.kernel import errors

# These say what Keepwell did; a sender that says them would lie.
OWN = frozenset(
    {
        "event.retracted",
        "health.band_changed",
        "identity.linked",
        "incident.called",
        "incident.cause_found",
        "incident.closed",
        "incident.escalated",
        "incident.opened",
        "incident.plan_made",
        "incident.reopened",
        "signal.answered",
        "signal.ended",
        "signal.fired",
        "task.set",
        "task.done",
        "task.reopened",
        "output.delivered",
        "output.taken_back",
        "handover.made",
        "handover.accepted",
        "handover.withdrawn",
        "playbook.started",
        "playbook.step_done",
        "playbook.ended",
        "playbook.resumed",
    }
)
# These are read with terms that only an import of the kind gives.
IMPORTED = {
    "account.changed": "accounts",
    "account.created": "accounts",
    "contract.signed": "contracts",
    "contract.changed": "contracts",
}


def checked(name: str) -> str:
    """The name itself, or `Invalid` when it is not for a sender to say."""
    if name in OWN:
        raise errors.Invalid('"%(name)s" is written by Keepwell alone. Use another name.', name=name)
    if kind := IMPORTED.get(name):
        raise errors.Invalid(
            '"%(name)s" follows from the table of %(kind)s. Import %(kind)s instead.', name=name, kind=kind
        )
    return name
