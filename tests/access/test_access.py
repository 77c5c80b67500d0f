"""Who may see and do what; and the trail of what was done."""

from datetime import timedelta

import pytest

from keepwell.access.actions import settings, tokens, users
from keepwell.access.models import AuditEntry, Token
from keepwell.access.queries import scopes
from keepwell.access.roles import ROLES
from keepwell.access.scopes import NOBODY
from keepwell.kernel import errors
from tests import world
from tests.world import NOW, PASSWORD, TESTS

pytestmark = pytest.mark.django_db


def test_team_mates_see_each_others_accounts_and_nobody_elses() -> None:
    cast = world.build()
    assert cast.scope("ada").owner_ids == cast.scope("ben").owner_ids == {cast.ada.pk, cast.ben.pk}
    assert cast.scope("cleo").owner_ids == {cast.cleo.pk}
    assert cast.scope("root").everything


@pytest.mark.parametrize("role", ROLES)
def test_no_role_but_the_administrator_manages_access(role: str) -> None:
    person = users.create(email=f"{role}@fernhill.test", password=PASSWORD, role=role, by=TESTS, at=NOW)
    scope = scopes.of_user(person, through="tests")
    assert scope.may("access.manage") == (role == "admin")
    if role == "customer":
        assert scope == NOBODY


def test_who_may_not_is_told_which_right_is_missing() -> None:
    ada = world.build().scope("ada")
    with pytest.raises(errors.Forbidden, match=r"access\.manage"):
        users.create(email="x@fernhill.test", password=PASSWORD, role="admin", by=ada, at=NOW)
    with pytest.raises(errors.Forbidden, match=r"config\.change"):
        settings.put(key="pack", value="saas", by=ada, at=NOW)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "nobody"}, "no e-mail address"),
        ({"role": "king"}, "no role"),
        ({"password": "short"}, "too short"),
        ({"password": "password1234"}, "too common"),
        ({"email": "ROOT@fernhill.test"}, "already exists"),
    ],
)
def test_a_user_that_cannot_be_is_refused(change: dict[str, str], words: str) -> None:
    world.build()
    given = {"email": "new@fernhill.test", "password": PASSWORD, "role": "csm"} | change
    with pytest.raises(errors.Refused, match=words):
        users.create(**given, by=TESTS, at=NOW)


def test_a_token_is_kept_as_a_digest_and_can_be_expired_and_revoked() -> None:
    cast = world.build()
    secret = tokens.create(
        user=cast.ada, name="bot", by=TESTS, at=NOW, may_write=True, expires_at=NOW + timedelta(days=1)
    )
    assert scopes.of_token(secret, at=NOW).user_id == cast.ada.pk
    assert secret not in str(list(Token.objects.values()))
    with pytest.raises(errors.Forbidden, match="not valid"):
        scopes.of_token(secret, at=NOW + timedelta(days=1))
    with pytest.raises(errors.Forbidden, match="not valid"):
        scopes.of_token(secret + "x", at=NOW)
    Token.objects.update(revoked_at=NOW)
    with pytest.raises(errors.Forbidden, match="not valid"):
        scopes.of_token(secret, at=NOW)


def test_a_token_of_somebody_who_left_is_worth_nothing() -> None:
    cast = world.build()
    secret = tokens.create(user=cast.ada, name="bot", by=TESTS, at=NOW, may_write=True)
    type(cast.ada).objects.filter(pk=cast.ada.pk).update(is_active=False)
    with pytest.raises(errors.Forbidden):
        scopes.of_token(secret, at=NOW)


def test_every_deed_is_on_the_trail_without_secrets() -> None:
    cast = world.build()
    secret = tokens.create(user=cast.ada, name="bot", by=cast.scope("root"), at=NOW, may_write=False)
    settings.put(key="demo", value="ready", by=cast.scope("root"), at=NOW)
    entries = list(AuditEntry.objects.values("deed", "actor", "subject", "details"))
    assert {"user.create", "token.create", "setting.put", "account.upsert", "account.assign"} <= {
        e["deed"] for e in entries
    }
    assert [e["actor"] for e in entries if e["deed"] == "token.create"] == [cast.root.pk]
    assert secret not in str(entries)
    assert PASSWORD not in str(entries)
