"""How incidents of an account are answered, and who answers them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keepwell.access.models import User
from keepwell.access.roles import ROLES
from keepwell.access.scopes import Scope
from keepwell.ledger.models import Ownership
from keepwell.plays import models, practice
from keepwell.plays.practice import Practice
from keepwell.segments.models import Membership

# Roles that see the whole company are held without an account's naming anybody.
COMPANY_WIDE = tuple(slug for slug, role in ROLES.items() if role.sees_everything and slug != "read_only")


@dataclass(frozen=True)
class PracticeView:
    """A practice that was declared: for a segment ("" for all other accounts), since when, by whom."""

    segment: str
    title: str
    practice: Practice
    declared_at: datetime | None
    declared_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Answering:
    """Who answers for a role: found under `as_role`, which is another where they stand in; nobody: `user` None."""

    role: str
    user: User | None
    as_role: str

    @property
    def stands_in(self) -> bool:
        """Whether they do not hold the role themselves."""
        return self.user is not None and self.as_role != self.role


def in_force(*, account_id: int) -> models.IncidentPractice | None:
    """What was declared for an account: of the first segment in which it is, else of the company. Two queries."""
    mine = Membership.objects.filter(
        account=account_id, state="member", until=None, segment__retired_at=None
    ).values("segment")
    declared = models.IncidentPractice.objects.filter(ended_at=None)
    found = declared.filter(segment__in=mine).order_by("place", "pk").first()
    return found or declared.filter(segment=None).first()


def declared() -> dict[str, Any] | None:
    """What is declared of the company as it is written; None where nothing is. One query."""
    row = models.IncidentPractice.objects.filter(ended_at=None, segment=None).first()
    return None if row is None else practice.read(row.definition).written


def read(row: models.IncidentPractice | None) -> Practice:
    """What a row declares; the usual where there is none."""
    return practice.usual() if row is None else practice.read(row.definition)


def everything(*, seen_by: Scope) -> tuple[PracticeView, ...]:
    """What is declared now: the company's, or the usual, first; then those of segments in their order. One query."""
    del seen_by  # how incidents are answered is no secret of any colleague
    rows = models.IncidentPractice.objects.filter(ended_at=None).select_related("segment", "declared_by")
    found = [_view(row) for row in rows.order_by("place", "pk")]
    whole = [one for one in found if not one.segment] or [
        PracticeView("", "All accounts", practice.usual(), None, "")
    ]
    return (*whole, *(one for one in found if one.segment))


def history(*, segment: str = "", seen_by: Scope) -> tuple[PracticeView, ...]:
    """What was declared for a segment or the company, the latest first. One query."""
    del seen_by
    rows = models.IncidentPractice.objects.select_related("segment", "declared_by").order_by(
        "-declared_at", "-pk"
    )
    return tuple(
        _view(row) for row in (rows.filter(segment__slug=segment) if segment else rows.filter(segment=None))
    )


def _view(row: models.IncidentPractice) -> PracticeView:
    return PracticeView(
        segment=row.segment.slug if row.segment else "",
        title=row.segment.title if row.segment else "All accounts",
        practice=practice.read(row.definition),
        declared_at=row.declared_at,
        declared_by=str(row.declared_by) if row.declared_by else "",
        ended_at=row.ended_at,
    )


def answering(
    *, account_id: int, roles: Iterable[str], stand_ins: Mapping[str, tuple[str, ...]]
) -> tuple[Answering, ...]:
    """Who answers for each role: whom the account names, else who holds it for the company, else a stand-in; else nobody.

    Several hold a role for the company where no one is named: all of them answer. Two queries.
    """
    asked = list(dict.fromkeys(roles))
    held = _held(account_id)
    found: list[Answering] = []
    for role in asked:
        chain = (role, *(other for other in stand_ins.get(role, ()) if other != role))
        as_role = next((one for one in chain if held.get(one)), "")
        found += [Answering(role, user, as_role) for user in held.get(as_role, ())] or [
            Answering(role, None, "")
        ]
    return tuple(found)


def _held(account_id: int) -> dict[str, list[User]]:
    held: dict[str, list[User]] = {}
    named = Ownership.objects.filter(account=account_id, until=None, user__is_active=True)
    for ownership in named.select_related("user").order_by("role"):
        held[ownership.role] = [ownership.user]
    others: dict[str, list[User]] = {}
    for user in User.objects.filter(role__in=COMPANY_WIDE, is_active=True).order_by("pk"):
        others.setdefault(user.role, []).append(user)
    return others | held
