"""What the roles of colleagues are called on pages."""

from keepwell.kernel import speech

ROLES = {
    "csm": "CSM",
    "delivery_head": speech.later("Head of delivery"),
    "leader": speech.later("CS leader"),
    "tech_lead": speech.later("Tech lead"),
    "pm": "PM",
    "sales": speech.later("Account manager"),
    "executive": speech.later("Executive"),
    "cs_operations": speech.later("CS operations"),
    "admin": speech.later("Administrator"),
}


def role_title(role: str) -> str:
    """A role's name in the reader's language; one that is not known in its own words."""
    return speech.told(ROLES[role]) if role in ROLES else role.replace("_", " ").capitalize()
