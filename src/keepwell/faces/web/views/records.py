"""Records of every kind: the list of kinds, the rows of one, the same as CSV."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import records as pages
from keepwell.faces.web.pages.record_columns import NEWEST
from keepwell.intake.kinds import KINDS
from keepwell.intake.kinds.base import ImportKind
from keepwell.intake.queries import naming, records
from keepwell.ledger.queries import accounts

SHOWN = 50


@require_GET
@signed_in
def kinds(request: HttpRequest, asking: Asking) -> HttpResponse:
    """What there is."""
    del asking
    return respond(request, "web/record_kinds.html", pages.kinds())


@require_GET
@signed_in
def listing(request: HttpRequest, asking: Asking, kind: str) -> HttpResponse:
    """Rows of a kind, the newest first, fifty at a time."""
    declared, query = declared_kind(kind), asked(request, asking)
    found = records.page(
        kind=kind,
        seen_by=asking.seen_by,
        account=query.account,
        search=query.search,
        after=query.after,
        limit=SHOWN,
        newest=NEWEST.get(kind, ""),
    )
    page = pages.page(
        declared,
        found,
        query=query,
        today=asking.today,
        may_write=asking.seen_by.may(declared.creating),
        names=naming.called(
            found.items, fields=pages.shown_fields(declared), seen_by=asking.seen_by, known={}
        ),
    )
    return respond(request, "web/records.html", page, part="rows")


@require_GET
@signed_in
def download(request: HttpRequest, asking: Asking, kind: str) -> StreamingHttpResponse:
    """The rows that are asked for as a file that the import takes unchanged."""
    declared_kind(kind)
    query = asked(request, asking)
    lines = records.as_csv(kind=kind, seen_by=asking.seen_by, account=query.account, search=query.search)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response


def asked(request: HttpRequest, asking: Asking) -> pages.Query:
    """The question in the address; an account by its key or its name."""
    given = request.GET
    account = given.get("account", "").strip()
    return pages.Query(
        given.get("q", "").strip(),
        accounts.meant(account, seen_by=asking.seen_by) if account else "",
        given.get("after", ""),
    )


def declared_kind(slug: str) -> ImportKind:
    """The kind with this slug, if it is kept as rows."""
    kind = KINDS.get(slug)
    if kind is None or kind.store is None:
        raise Http404
    return kind
