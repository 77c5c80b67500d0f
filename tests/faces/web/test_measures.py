"""Measures, core features, settings."""

from django.test import Client

from tests.faces.web import book
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import World


def test_each_measure_says_what_it_is_and_when_it_is_unknown(ada: Client) -> None:
    from keepwell.metrics.queries.catalogue import all_metrics

    said = text(ada.get("/measures/"))
    for metric in all_metrics():
        assert metric.title in said
        assert metric.sentence in said


def test_core_features_are_chosen_from_what_was_seen(lived: World, sign_in: SignIn) -> None:
    root = sign_in(lived.root)
    page = html(root.get("/measures/"))
    for feature in book.CORE:
        assert f'value="{feature}" checked' in page
    answer = root.post(
        "/measures/core-features/",
        {"feature": ["report.exported"], "others": "sso.set\n\nsso.set"},
        follow=True,
    )
    assert "Core features saved." in text(answer)
    assert "2 core features declared." in text(answer)
    assert ">sso.set</textarea>" in html(answer)
    assert 'value="alert.set" checked' not in html(answer)


def test_ada_reads_them_but_may_not_change_them(ada: Client) -> None:
    assert "Save core features" not in text(ada.get("/measures/"))
    assert ada.post("/measures/core-features/", {"feature": ["x"]}).status_code == 403


def test_settings_say_who_one_is(ada: Client, lived: World, sign_in: SignIn) -> None:
    said = text(ada.get("/settings/"))
    assert "Customer success manager" in said
    assert "Numbers are as of 15 Jun, 12:00 UTC." in said
    assert "Who may sign in" not in said
    assert "cleo@fernhill.test" in text(sign_in(lived.root).get("/settings/"))
