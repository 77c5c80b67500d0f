"""From a person or a token to what they may see and do."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from django.db.models import Q

from keepwell.access import models
from keepwell.access.roles import ROLES
from keepwell.access.scopes import NOBODY, Scope
from keepwell.kernel import errors


def of_user(user: models.User, *, through: str) -> Scope:
    """The scope of a person: one query for those who see a team's accounts, none for those who see all."""
    role = ROLES[user.role]
    if not user.is_active or user.role == "customer":
        return NOBODY
    owners: frozenset[int] = frozenset()
    if not role.sees_everything:
        team_mates = models.User.objects.filter(Q(pk=user.pk) | Q(teams__in=user.teams.all()))
        owners = frozenset(team_mates.values_list("pk", flat=True))
    return Scope(user.pk, role.sees_everything, owners, role.may, through)


def of_token(secret: str, *, at: datetime) -> Scope:
    """The scope behind an API token; refuses what is unknown, revoked or expired, without saying which."""
    token = (
        models.Token.objects.select_related("user")
        .filter(digest=sha256(secret.encode()).hexdigest(), revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=at))
        .first()
    )
    if token is None or not token.user.is_active:
        raise errors.Forbidden(
            "The token is not valid. Make a new one with: keepwell token create NAME --user EMAIL"
        )
    scope = replace(of_user(token.user, through=f"token {token.name}"), token_id=token.pk)
    return scope if token.may_write else replace(scope, capabilities=frozenset())
