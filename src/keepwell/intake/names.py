"""Which names an event from outside may not have."""

from keepwell.kernel import errors

# These say what Keepwell did; a sender that says them would lie.
OWN = frozenset(
    {
        "event.retracted",
        "health.band_changed",
        "identity.linked",
        "incident.closed",
        "incident.opened",
        "task.set",
        "task.done",
        "task.reopened",
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
        raise errors.Invalid(f'"{name}" is written by Keepwell alone. Use another name.')
    if kind := IMPORTED.get(name):
        raise errors.Invalid(f'"{name}" follows from the table of {kind}. Import {kind} instead.')
    return name
