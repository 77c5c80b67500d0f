"""Segment's tracking calls: what is acknowledged is durable, what is not taken is answered with its reason.

Answered in WSGI, before Django's stack for pages: no session, form or page policy concerns a program that sends events, and
at thousands of requests a second that stack costs more than the events.
"""

import base64
import binascii
import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from keepwell.faces import clock
from keepwell.faces.api import connections, senders
from keepwell.intake import envelopes
from keepwell.intake.actions import tracking
from keepwell.intake.queries import room
from keepwell.kernel import errors

PREFIX = "/v1/"
_HEADERS = [
    ("Content-Type", "application/json"),
    ("X-Content-Type-Options", "nosniff"),
    # Pages of any origin may track: the write key alone says who sends, and no cookie is read.
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "authorization, content-type, content-encoding"),
    ("Access-Control-Allow-Methods", "POST"),
]
_REASONS = {
    200: "200 OK", 204: "204 No Content", 400: "400 Bad Request", 401: "401 Unauthorized", 404: "404 Not Found",
    405: "405 Method Not Allowed", 429: "429 Too Many Requests", 500: "500 Internal Server Error",
    503: "503 Service Unavailable",
}  # fmt: skip

log = logging.getLogger(__name__)
Environ = dict[str, Any]
Start = Callable[..., Any]


def application(environ: Environ, start_response: Start) -> Iterable[bytes]:
    """One request with one call or a batch of them; 200 even when some events of a batch were refused, and it says which."""
    status, said, retry_after = _answer(environ)
    headers = [*_HEADERS, ("Content-Length", str(len(said)))]
    if retry_after:
        headers.append(("Retry-After", str(retry_after)))
    start_response(_REASONS[status], headers)
    return [said]


def _answer(environ: Environ) -> tuple[int, bytes, int]:
    method = environ["REQUEST_METHOD"]
    if method == "OPTIONS":
        return 204, b"", 0
    if method != "POST":
        return _refusal(405, f"{method} is not known here. Use POST.")
    try:
        with connections.kept():
            receipt = connections.again_if_lost(lambda: _received(environ))
    except errors.Refused as refusal:
        return _refusal(*_verdict(refusal))
    except connections.Unavailable as failure:
        log.warning("tracking could not store events: %s (%s)", failure, failure.__cause__)
        return _refusal(503, f"{failure} Nothing was stored; send it again.", room.RETRY_SECONDS)
    except Exception:
        log.exception("a tracking request failed")
        return _refusal(500, "Keepwell failed. Nothing was stored; send it again.")
    return receipt.status, receipt.encoded(), 0


def _verdict(refusal: errors.Refused) -> tuple[int, str, int]:
    if isinstance(refusal, room.NoRoom):
        return refusal.status, refusal.english, refusal.retry_after
    status = {errors.Forbidden: 401, errors.NotFound: 404}.get(type(refusal), 400)
    return status, refusal.english, 0


def _received(environ: Environ) -> tracking.Receipt:
    at = clock.now()
    room.must_be_left()
    key = _write_key(environ)
    source = senders.known(key) if key else None
    body = _body(environ)
    plain = envelopes.unpacked(body, encoding=environ.get("HTTP_CONTENT_ENCODING", "").strip().lower())
    call = environ["PATH_INFO"].removeprefix(PREFIX).rstrip("/")
    if source is None:
        # A browser's beacon cannot set headers.
        key = envelopes.decode(plain, endpoint=call).write_key
        source = senders.known(key)
    receipt = tracking.receive_body(source=source, body=plain, endpoint=call, at=at)
    if tracking.is_to_be_noted(source, at):
        senders.heard(key, source, at=at)
    return receipt


def _body(environ: Environ) -> bytes:
    """At most one byte over the limit is read, whatever the request claims to hold."""
    if "keepwell.body" not in environ:  # it can be read once, and a request may be tried twice
        environ["keepwell.body"] = environ["wsgi.input"].read(envelopes.BATCH_BYTES + 1)
    body: bytes = environ["keepwell.body"]
    return body


def _write_key(environ: Environ) -> str:
    """The user name of Basic authentication, as Segment's clients send it; empty when there is none."""
    header = environ.get("HTTP_AUTHORIZATION", "")
    if not header:
        return ""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        raise errors.Forbidden("The write key is missing. Send it as the user name of Basic authentication.")
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        raise errors.Forbidden("The Authorization header is not Basic authentication.") from None


def _refusal(status: int, said: str, retry_after: int = 0) -> tuple[int, bytes, int]:
    return status, msgspec.json.encode({"error": said}), retry_after
