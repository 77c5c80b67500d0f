"""Who a program is: a bearer token, resolved to a scope once per request."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from keepwell.access.queries import scopes
from keepwell.access.scopes import Scope
from keepwell.faces import clock


class Bearer(HttpBearer):
    """`Authorization: Bearer kw_…`; make one with `keepwell token create`."""

    def authenticate(self, request: HttpRequest, token: str) -> Scope:
        """The scope behind the token; refuses what is not valid."""
        del request
        return scopes.of_token(token, at=clock.now())


class Asked(HttpRequest):
    """A request after authentication: `auth` is the asker's scope."""

    auth: Scope
