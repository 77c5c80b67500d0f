"""Deeds on channels: where messages go."""

import secrets
from base64 import b64encode
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import slugs
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.plays import models

SECRET_BYTES = 32


def open_channel(*, slug: str, title: str, kind: str, url: str, by: Scope, at: datetime) -> str:
    """Make a channel; gives the secret by which a webhook is signed, which is never shown again. A chat has none."""
    by.require("config.change")
    kinds = dict(models.Channel.KINDS)
    if kind not in kinds:
        raise Invalid(
            'The kind "%(kind)s" is not known. Use one of %(listed)s.', kind=kind, listed=", ".join(kinds)
        )
    parts = urlsplit(url.strip())
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password:
        raise Invalid("The address must be one of https:// or http://, without a name and password in it.")
    if not title.strip():
        raise Invalid("A channel needs a title that people read.")
    secret = f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}" if kind == "webhook" else ""
    with transaction.atomic():
        if models.Channel.objects.filter(slug=slugs.checked(slug)).exists():
            raise Conflict('There is a channel "%(slug)s" already.', slug=slug)
        models.Channel.objects.create(
            slug=slug, title=title.strip()[:200], kind=kind, url=url.strip(), secret=secret, created_at=at
        )
        audit.record(
            by=by, at=at, deed="channel.open", subject=f"channel:{slug}", kind=kind, host=parts.hostname
        )
    return secret


def close(*, slug: str, by: Scope, at: datetime) -> None:
    """Send nothing there any more; its address and secret are forgotten."""
    by.require("config.change")
    with transaction.atomic():
        here = models.Channel.objects.filter(slug=slug, retired_at=None)
        if not here.update(retired_at=at, url="", secret=""):
            raise NotFound('There is no channel "%(slug)s".', slug=slug)
        audit.record(by=by, at=at, deed="channel.close", subject=f"channel:{slug}")
