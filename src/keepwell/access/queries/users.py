"""Reads of people who log in."""

from keepwell.access import models
from keepwell.kernel import errors


def by_email(email: str) -> models.User:
    """The person with this e-mail address."""
    user = models.User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise errors.NotFound(f'No user has the e-mail address "{email}". List them with: keepwell user list')
    return user


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
