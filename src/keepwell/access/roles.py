"""What each role may see and do. A role is a slug in the database and a line in this table."""

from dataclasses import dataclass

from keepwell.kernel import speech


@dataclass(frozen=True)
class Role:
    """A kind of work, whether it sees the whole company, and what it may change."""

    title: str
    sees_everything: bool
    may: frozenset[str]


WORK = frozenset({"work.do"})
STEER = WORK | {"data.import", "accounts.assign"}
CONFIGURE = STEER | {"config.change"}
ADMINISTER = CONFIGURE | {"access.manage", "privacy.manage"}

ROLES: dict[str, Role] = {
    "admin": Role(speech.later("Administrator"), True, ADMINISTER),
    "cs_operations": Role(speech.later("CS operations"), True, CONFIGURE),
    "leader": Role(speech.later("CS leader"), True, STEER),
    "delivery_head": Role(speech.later("Head of delivery"), True, WORK),
    "executive": Role(speech.later("Executive"), True, frozenset()),
    "csm": Role(speech.later("Customer success manager"), False, WORK),
    "pm": Role(speech.later("Project manager"), False, WORK),
    "tech_lead": Role(speech.later("Tech lead"), False, WORK),
    "sales": Role(speech.later("Account manager"), False, WORK),
    "read_only": Role(speech.later("Read only"), True, frozenset()),
    "customer": Role(speech.later("Customer"), False, frozenset()),
}

CAPABILITIES = ADMINISTER
