"""Rows of every kind over the REST API: list, read, make, change, remove, many at once, CSV; from its declaration."""

from collections import Counter
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any, NamedTuple

import msgspec
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Header, Path, Query, Router

from keepwell.access.actions import answers
from keepwell.access.actions.answers import Answer
from keepwell.faces import clock
from keepwell.faces.api.auth import Asked
from keepwell.faces.api.schemas import Problem
from keepwell.faces.api.shapes import Shapes, VerdictsOut
from keepwell.faces.api.status import status_of
from keepwell.faces.jobs import tasks
from keepwell.intake import objects
from keepwell.intake.actions import records as deeds
from keepwell.intake.kinds import KINDS
from keepwell.intake.kinds.base import ImportKind
from keepwell.intake.queries import records
from keepwell.kernel import errors, slugs

SOURCE = "api"
READ: dict[int, Any] = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
WRITE: dict[int, Any] = {**READ, 409: Problem, 413: Problem}
Key = Annotated[str, Path(description="The row's key.", max_length=200)]
Once = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=answers.KEY_LENGTH,
        description="Any text that is new for each write. The same one again within a day has no second effect.",
    ),
]
_encode = msgspec.json.Encoder().encode


class Reads(NamedTuple):
    """How rows of a kind are read: the shape of a page and the view of it, the shape of a row and the view of one."""

    page: Any
    list: Callable[..., Any]
    row: Any
    get: Callable[..., Any]


def router(*, richer: Mapping[str, Reads]) -> Router:
    """The addresses of every kind that is kept as rows; some are read in `richer` shapes than their fields."""
    made = Router()
    for kind in KINDS.values():
        if kind.store is not None:
            shapes = Shapes(kind)
            plain = Reads(shapes.page, _list(kind), shapes.given, _get(kind))
            reads = richer.get(kind.slug, plain)
            _add_reads(made, kind, reads)
            _add_writes(made, kind, shapes)
            _add_one(made, kind, shapes, reads)
            _add_the_one_called_bulk(made, kind, shapes, reads)
    return made


def _add_reads(router: Router, kind: ImportKind, reads: Reads) -> None:
    at = f"/{kind.slug}"
    file = {
        "responses": {
            200: {"description": "The file.", "content": {"text/csv": {"schema": {"type": "string"}}}}
        }
    }
    told = _told(kind, "csv", "as a file that the import takes unchanged")
    router.get(f"{at}.csv", response=READ, openapi_extra=file, **told)(_csv(kind))
    told = _told(kind, "list", "by key, a page at a time")
    router.get(at, response={200: reads.page, **READ}, **told)(reads.list)


def _add_writes(router: Router, kind: ImportKind, shapes: Shapes) -> None:
    at = f"/{kind.slug}"
    told = _told(kind, "bulk", "many at once; the good rows are kept although others are refused")
    body = {"requestBody": _rows_body(kind, shapes)}
    router.post(f"{at}/bulk", response={200: VerdictsOut, **WRITE}, openapi_extra=body, **told)(_bulk(kind))
    told = _told(kind, "create", "make one")
    router.post(at, response={201: shapes.given, **WRITE}, **told)(_create(kind, shapes))


def _add_one(router: Router, kind: ImportKind, shapes: Shapes, reads: Reads) -> None:
    one = f"/{kind.slug}/{{path:key}}"
    told = _told(kind, "get", "one by its key")
    router.get(one, response={200: reads.row, **READ}, **told)(reads.get)
    told = _told(kind, "update", "change one")
    router.patch(one, response={200: shapes.given, **WRITE}, **told)(_update(kind, shapes))
    told = _told(kind, "remove", "take one away; asked as known before, it still counts")
    router.delete(one, response={204: None, **WRITE}, **told)(_remove(kind))


def _add_the_one_called_bulk(router: Router, kind: ImportKind, shapes: Shapes, reads: Reads) -> None:
    """A row whose key is "bulk" has the address to which many are posted: it is read, changed and removed there."""
    at, bulk = f"/{kind.slug}/bulk", "bulk"

    def get(request: Asked) -> Any:
        return reads.get(request, bulk)

    def update(request: Asked, row: shapes.changed, idempotency_key: Once = "") -> HttpResponse:  # type: ignore[name-defined]
        return change(request, bulk, row, idempotency_key)

    def delete(request: Asked, idempotency_key: Once = "") -> HttpResponse:
        return remove(request, bulk, idempotency_key)

    change: Callable[..., HttpResponse] = _update(kind, shapes)
    remove: Callable[..., HttpResponse] = _remove(kind)
    router.get(at, response={200: reads.row, **READ}, include_in_schema=False)(get)
    router.patch(at, response={200: shapes.given, **WRITE}, include_in_schema=False)(update)
    router.delete(at, response={204: None, **WRITE}, include_in_schema=False)(delete)


def _told(kind: ImportKind, deed: str, said: str) -> dict[str, Any]:
    return {
        "operation_id": f"{deed}_{kind.slug}",
        "summary": f"{kind.title}: {said}.",
        "tags": [kind.slug],
    }


def _rows_body(kind: ImportKind, shapes: Shapes) -> dict[str, Any]:
    row = shapes.made.model_json_schema()
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["rows"],
                    "additionalProperties": False,
                    "properties": {
                        "rows": {
                            "type": "array",
                            "maxItems": deeds.MOST_ROWS,
                            "items": {"anyOf": [row, {"type": "object"}]},
                            "description": f"{kind.title}, each with its key; each is judged on its own.",
                        },
                        "source": {"type": "string", "default": SOURCE},
                        "vouched": {"type": "boolean", "default": False},
                    },
                }
            }
        },
    }


class Rows(msgspec.Struct, forbid_unknown_fields=True):
    """Many rows: where from, and whether what they tell was known when it happened."""

    rows: list[dict[str, Any]]
    source: str = SOURCE
    vouched: bool = False


def _list(kind: ImportKind) -> Callable[..., Any]:
    def view(
        request: Asked,
        account: str = "",
        search: str = "",
        after: str = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Any:
        found = records.page(
            kind=kind.slug, seen_by=request.auth, account=account, search=search, after=after, limit=limit
        )
        return _json({"items": [objects.given(record) for record in found.items], "next": found.next})

    return view


def _get(kind: ImportKind) -> Callable[..., Any]:
    def view(request: Asked, key: Key) -> Any:
        return _json(objects.given(records.find(kind=kind.slug, key=key, seen_by=request.auth)))

    return view


def _csv(kind: ImportKind) -> Callable[..., Any]:
    def view(request: Asked, account: str = "", search: str = "") -> StreamingHttpResponse:
        lines = records.as_csv(kind=kind.slug, seen_by=request.auth, account=account, search=search)
        headers = {"Content-Disposition": f'attachment; filename="{kind.slug}.csv"'}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)

    return view


def _create(kind: ImportKind, shapes: Shapes) -> Callable[..., Any]:
    def view(request: Asked, row: shapes.made, idempotency_key: Once = "") -> HttpResponse:  # type: ignore[name-defined]
        del row  # its shape is for the documentation

        def deed() -> Answer:
            made = deeds.create(
                kind=kind.slug, said=_said(request), source=SOURCE, by=request.auth, at=clock.now()
            )
            return Answer(201, _text(objects.given(made)))

        return _once(request, idempotency_key, request.body, deed)

    return view


def _update(kind: ImportKind, shapes: Shapes) -> Callable[..., Any]:
    def view(request: Asked, key: Key, row: shapes.changed, idempotency_key: Once = "") -> HttpResponse:  # type: ignore[name-defined]
        del row  # its shape is for the documentation

        def deed() -> Answer:
            changed = deeds.update(
                kind=kind.slug, key=key, said=_said(request), source=SOURCE, by=request.auth, at=clock.now()
            )
            return Answer(200, _text(objects.given(changed)))

        return _once(request, idempotency_key, request.body, deed)

    return view


def _remove(kind: ImportKind) -> Callable[..., Any]:
    def view(request: Asked, key: Key, idempotency_key: Once = "") -> HttpResponse:
        def deed() -> Answer:
            deeds.remove(kind=kind.slug, key=key, by=request.auth, at=clock.now())
            return Answer(204, "")

        return _once(request, idempotency_key, b"", deed)

    return view


def _bulk(kind: ImportKind) -> Callable[..., Any]:
    def view(request: Asked, idempotency_key: Once = "") -> HttpResponse:
        raw = request.read()  # the entrance measured it

        def deed() -> Answer:
            said = _rows(raw)
            verdicts = deeds.put(
                kind=kind.slug,
                rows=said.rows,
                source=slugs.checked(said.source),
                by=request.auth,
                at=clock.now(),
                vouched=said.vouched,
            )
            counts = Counter(verdict.outcome for verdict in verdicts)
            outcomes = {name: counts[name] for name in ("created", "updated", "unchanged", "rejected")}
            return Answer(200, _encode(outcomes | {"verdicts": verdicts}).decode())

        return _once(request, idempotency_key, raw, deed)

    return view


def _rows(raw: bytes) -> Rows:
    try:
        return msgspec.json.decode(raw, type=Rows)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as failure:
        raise errors.Invalid('The body is no {"rows": […]}: %(failure)s.', failure=str(failure)) from None


def _said(request: Asked) -> dict[str, Any]:
    """What was sent, and nothing that was not."""
    try:
        return msgspec.json.decode(request.body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as failure:
        raise errors.Invalid("The body is no JSON object: %(failure)s.", failure=str(failure)) from None


def _once(request: Asked, key: str, body: bytes, deed: Callable[[], Answer]) -> HttpResponse:
    """Do a deed once for each key, refusals included, and ask for the numbers to follow."""

    def told() -> Answer:
        try:
            return deed()
        except errors.Refused as refusal:
            return Answer(status_of(refusal), _text({"error": refusal.english}))

    asked = f"{request.method} {request.get_full_path()}\n".encode()
    answer = answers.once(
        key=key, question=sha256(asked + body).hexdigest(), by=request.auth, at=clock.now(), deed=told
    )
    if answer.status < 400:
        tasks.nudge()
    return HttpResponse(answer.body, content_type="application/json", status=answer.status)


def _text(value: Any) -> str:
    return _encode(value).decode()


def _json(value: Any) -> HttpResponse:
    return HttpResponse(_encode(value), content_type="application/json")
