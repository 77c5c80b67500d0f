"""Settings: who you are here, how fresh the numbers are, and for administrators who else may sign in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from keepwell.access.queries import users
from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.faces.web.asking import Asking, respond, signed_in
from keepwell.faces.web.pages.settings import Person, SettingsPage
from keepwell.kernel import speech
from keepwell.pipeline.queries import status


@require_GET
@signed_in
def overview(request: HttpRequest, asking: Asking) -> HttpResponse:
    """One page."""
    may_manage = asking.seen_by.may("access.manage")
    advanced = status.current().advanced_at
    page = SettingsPage(
        name=asking.by.name,
        email=asking.by.email,
        role=ROLES[asking.by.role].title,
        sees=speech.told("every account")
        if asking.seen_by.everything
        else speech.told("the accounts of your teams"),
        computed=words.moment(advanced, today=asking.today) if advanced else "",
        people=tuple(
            Person(user.name, user.email, ROLES[user.role].title, user.is_active) for user in users.everyone()
        )
        if may_manage
        else (),
    )
    return respond(request, "web/settings.html", page)
