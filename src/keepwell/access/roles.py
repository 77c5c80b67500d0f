"""What each role may see and do. A role is a slug in the database and a line in this table."""

from dataclasses import dataclass


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
    "admin": Role("Administrator", True, ADMINISTER),
    "cs_operations": Role("CS operations", True, CONFIGURE),
    "leader": Role("CS leader", True, STEER),
    "delivery_head": Role("Head of delivery", True, WORK),
    "executive": Role("Executive", True, frozenset()),
    "csm": Role("Customer success manager", False, WORK),
    "pm": Role("Project manager", False, WORK),
    "tech_lead": Role("Tech lead", False, WORK),
    "sales": Role("Account manager", False, WORK),
    "read_only": Role("Read only", True, frozenset()),
    "customer": Role("Customer", False, frozenset()),
}

CAPABILITIES = ADMINISTER
