"""Deeds on API tokens."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from keepwell.access import models
from keepwell.access.actions import audit
from keepwell.access.scopes import Scope


def create(
    *,
    user: models.User,
    name: str,
    by: Scope,
    at: datetime,
    may_write: bool,
    expires_at: datetime | None = None,
) -> str:
    """A new token; the secret is returned once and never stored."""
    by.require("access.manage")
    secret = "kw_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        models.Token.objects.create(
            user=user,
            name=name,
            prefix=secret[:10],
            digest=sha256(secret.encode()).hexdigest(),
            may_write=may_write,
            created_at=at,
            expires_at=expires_at,
        )
        audit.record(
            by=by, at=at, deed="token.create", subject=f"user:{user.email}", name=name, may_write=may_write
        )
    return secret
