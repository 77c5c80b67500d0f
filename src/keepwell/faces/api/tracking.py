"""Segment's tracking calls: what is acknowledged is durable, what is not taken is answered with its reason."""

import base64
import binascii
import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from keepwell.faces import clock
from keepwell.intake import envelopes
from keepwell.intake.actions import tracking
from keepwell.intake.queries import sources
from keepwell.kernel import errors


@csrf_exempt
def receive(request: HttpRequest, call: str) -> HttpResponse:
    """One request with one call or a batch of them; 200 even when some events of a batch were refused, and it says which."""
    if request.method == "OPTIONS":
        return _allow(HttpResponse(status=204))
    if request.method != "POST":
        return _answer(405, {"error": f"{request.method} is not known here. Use POST."})
    at = clock.now()
    try:
        source = sources.by_write_key(_write_key(request))
        receipt = tracking.receive(
            source=source,
            calls=envelopes.decode(
                _body(request), endpoint=call, encoding=request.headers.get("Content-Encoding", "")
            ),
            at=at,
        )
    except errors.Forbidden as refusal:
        return _answer(401, {"error": str(refusal)})
    except errors.NotFound as refusal:
        return _answer(404, {"error": str(refusal)})
    except errors.Refused as refusal:
        return _answer(400, {"error": str(refusal)})
    return _allow(HttpResponse(receipt.encoded(), content_type="application/json", status=receipt.status))


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise errors.Invalid(
            f"The body is larger than {envelopes.BATCH_BYTES // 1024} KB. Send fewer events at a time."
        ) from None


def _write_key(request: HttpRequest) -> str:
    """The user name of Basic authentication, as Segment's clients send it."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            raise errors.Forbidden("The Authorization header is not Basic authentication.") from None
    raise errors.Forbidden("The write key is missing. Send it as the user name of Basic authentication.")


def _answer(status: int, said: dict[str, str]) -> HttpResponse:
    return _allow(HttpResponse(json.dumps(said), content_type="application/json", status=status))


def _allow(response: HttpResponse) -> HttpResponse:
    """Let pages of any origin track: the write key alone says who sends, and no cookie is read."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "authorization, content-type, content-encoding"
    response["Access-Control-Allow-Methods"] = "POST"
    return response


urlpatterns = [path("<str:call>", receive), path("<str:call>/", receive)]
