"""Deeds on channels, where messages go: open one, test it, give it a new secret, let it rest, close it."""

import json
import secrets
from base64 import b64encode
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from keepwell.access.actions import audit
from keepwell.access.scopes import Scope
from keepwell.kernel import slugs
from keepwell.kernel.errors import Conflict, Invalid, NotFound
from keepwell.plays import models
from keepwell.plays.actions.messages import Taken

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
    secret = _new_secret() if kind == "webhook" else ""
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


def _new_secret() -> str:
    return f"whsec_{b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def rotate(*, slug: str, by: Scope, at: datetime) -> str:
    """Give a webhook a new secret, which is never shown again; what is sent from now on is signed by it."""
    by.require("config.change")
    with transaction.atomic():
        row = _open(slug)
        if row.kind != "webhook":
            raise Invalid(
                "A chat has no secret: whoever knows its address can write there. Make a new one there."
            )
        secret = _new_secret()
        models.Channel.objects.filter(pk=row.pk).update(secret=secret)
        audit.record(by=by, at=at, deed="channel.rotate", subject=f"channel:{slug}")
    return secret


def pause(*, slug: str, by: Scope, at: datetime) -> None:
    """Let its messages wait."""
    by.require("config.change")
    with transaction.atomic():
        row = _open(slug)
        if models.Channel.objects.filter(pk=row.pk, paused_at=None).update(paused_at=at):
            audit.record(by=by, at=at, deed="channel.pause", subject=f"channel:{slug}")


def go_on(*, slug: str, by: Scope, at: datetime) -> None:
    """Let what waited be sent."""
    by.require("config.change")
    with transaction.atomic():
        row = _open(slug)
        if models.Channel.objects.filter(pk=row.pk, paused_at__isnull=False).update(paused_at=None):
            audit.record(by=by, at=at, deed="channel.go_on", subject=f"channel:{slug}")


def test_message(*, slug: str, by: Scope, at: datetime) -> Taken:
    """A message that says that it is a test; whoever sends it notes by `tested` what was answered."""
    by.require("config.change")
    row = _open(slug)
    text = "Keepwell tests this channel. Nothing has to be done."
    said: dict[str, Any] = {"text": text}
    if row.kind == "webhook":
        said = {"type": "channel.test", "timestamp": at.isoformat(), "data": {"channel": slug, "text": text}}
    key = f"test-{row.pk}-{int(at.timestamp())}"
    return Taken(0, row.kind, key, "", "", json.dumps(said), "", row.url, row.secret)


def tested(*, slug: str, is_good: bool, said: str, by: Scope, at: datetime) -> None:
    """Note what a test was answered."""
    by.require("config.change")
    with transaction.atomic():
        row = _open(slug)
        verdict = {"tested_at": at, "tested_well": is_good, "tested_said": said[:300]}
        models.Channel.objects.filter(pk=row.pk).update(**verdict)
        audit.record(by=by, at=at, deed="channel.test", subject=f"channel:{slug}", good=is_good)


def _open(slug: str) -> models.Channel:
    row = models.Channel.objects.filter(slug=slug, retired_at=None).first()
    if row is None:
        raise NotFound('There is no channel "%(slug)s".', slug=slug)
    return row
