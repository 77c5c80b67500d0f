"""Deeds on people who log in and on their teams."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from keepwell.access import models
from keepwell.access.actions import audit
from keepwell.access.roles import ROLES
from keepwell.access.scopes import Scope
from keepwell.kernel import errors


def create(
    *,
    email: str,
    password: str,
    role: str,
    by: Scope,
    at: datetime,
    name: str = "",
    teams: Sequence[str] = (),
) -> models.User:
    """A new person who can sign in with e-mail and password."""
    by.require("access.manage")
    email = email.strip()
    _check(email, password, role)
    with transaction.atomic():
        if models.User.objects.filter(email__iexact=email).exists():
            raise errors.Conflict('A user with the e-mail address "%(email)s" already exists.', email=email)
        user = models.User(email=email, name=name, role=role, created_at=at)
        user.set_password(password)
        user.save()
        user.teams.set([models.Team.objects.get_or_create(name=team)[0] for team in teams])
        audit.record(by=by, at=at, deed="user.create", subject=f"user:{email}", role=role, teams=list(teams))
    return user


def set_password(*, user: models.User, password: str, by: Scope, at: datetime) -> None:
    """Give a person a new password; whoever is signed in as them is signed out."""
    by.require("access.manage")
    _check(user.email, password, user.role)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.record(by=by, at=at, deed="user.set_password", subject=f"user:{user.email}")


def change_password(*, user: models.User, password: str, by: Scope, at: datetime) -> None:
    """A person's own new password, once they have said the old one; their other devices are signed out."""
    if by.user_id != user.pk:
        raise errors.Forbidden("One changes one's own password only.")
    _check(user.email, password, user.role)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.record(by=by, at=at, deed="user.change_password", subject=f"user:{user.email}")


def _check(email: str, password: str, role: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise errors.Invalid('"%(email)s" is no e-mail address.', email=email) from None
    if role not in ROLES:
        raise errors.Invalid(
            '"%(role)s" is no role. Use one of: %(listed)s.', role=role, listed=", ".join(ROLES)
        )
    try:
        validate_password(password)
    except ValidationError as refusal:
        raise errors.Invalid(" ".join(refusal.messages)) from None
