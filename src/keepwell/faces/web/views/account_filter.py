"""The filter of the accounts list: the editor of conditions with a live count, whose answer is an address."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages import account_filter as pages
from keepwell.faces.web.pages import conditions as forms
from keepwell.faces.web.views.accounts import Asked
from keepwell.health.queries import book
from keepwell.kernel.errors import Invalid
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.tree import Condition


@require_http_methods(["GET", "POST"])
@signed_in
def editor(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Say what the list is narrowed to; the address keeps the rest of its state."""
    asked = Asked.of(request.GET.dict(), asking)
    if request.method == "GET":
        condition = asked.filters.condition
        draft = forms.drafted(tree.written(condition)) if condition else forms.empty()
        return respond(request, "web/account_filter.html", _page(asked, draft))
    form = request.POST
    draft = forms.acted(forms.typed(form.dict()), form.get("deed", ""))
    if form.get("deed") == "apply":
        try:
            return HttpResponseRedirect(asked.filters.address(condition=_condition(asked, draft)))
        except Invalid as refusal:
            page = _page(asked, draft, refused=forms.plainly(str(refusal)))
            return respond(request, "web/account_filter.html", page, part="editing", status=422)
    return respond(request, "web/account_filter.html", _page(asked, draft), part="editing")


def _condition(asked: Asked, draft: forms.Draft) -> Condition | None:
    if forms.is_blank(draft):
        return None
    return tree.read(forms.stated(draft, asked.said), asked.said)


def _page(asked: Asked, draft: forms.Draft, *, refused: str = "") -> pages.FilterPage:
    node = forms.Editor.of(pages.offered(asked.said)).node(draft)
    try:
        condition = _condition(asked, draft)
        question = pages.asked(asked.question, condition)
        found = book.page(seen_by=asked.asking.seen_by, asked=question, limit=0, said=asked.said)
    except Invalid as refusal:
        return pages.page(asked.filters, node, None, None, refused or forms.plainly(str(refusal)))
    return pages.page(asked.filters, node, found, condition, refused)
