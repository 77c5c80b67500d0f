"""Reads of people who log in."""

from collections.abc import Collection
from typing import Any

from django.db.models.functions import Lower

from keepwell.access import models
from keepwell.kernel import errors


def by_email(email: str) -> models.User:
    """The person with this e-mail address."""
    user = models.User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise errors.NotFound(
            'No user has the e-mail address "%(email)s". List them with: keepwell user list', email=email
        )
    return user


def by_id(user_id: int) -> models.User:
    """The person with this number, while they may sign in."""
    user = models.User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise errors.NotFound("This person does not exist, or may no longer sign in.")
    return user


def names(emails: Collection[str]) -> dict[str, str]:
    """What people with these e-mail addresses are called, by the address as it was asked. One query."""
    asked = {email.strip().lower(): email for email in emails}
    rows = models.User.objects.annotate(lower=Lower("email")).filter(lower__in=asked).exclude(name="")
    return {asked[lower]: name for lower, name in rows.values_list("lower", "name")}


def colleagues(*, limit: int) -> tuple[tuple[str, str], ...]:
    """E-mail addresses and names of those who may sign in and are no customers, by name. One query."""
    rows = models.User.objects.filter(is_active=True).exclude(role="customer").order_by("name", "email")
    return tuple((email, name or email) for email, name in rows.values_list("email", "name")[:limit])


def preferences(user_id: int) -> dict[str, Any]:
    """What a person decided. One query."""
    found = models.User.objects.filter(pk=user_id).values_list("preferences", flat=True).first()
    return found or {}


def exist() -> bool:
    """Whether anybody can sign in yet."""
    return models.User.objects.exists()


def everyone() -> list[models.User]:
    """All people, by e-mail."""
    return list(models.User.objects.order_by("email"))


def first_admin() -> models.User:
    """The longest-standing administrator."""
    user = models.User.objects.filter(role="admin", is_active=True).order_by("created_at", "pk").first()
    if user is None:
        raise errors.NotFound(
            "There is no administrator yet. Make one with: keepwell user create EMAIL --role admin"
        )
    return user
