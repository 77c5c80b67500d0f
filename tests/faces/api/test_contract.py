"""What the contract promises holds for drawn requests: no server error, declared statuses, types and shapes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema
from schemathesis import APIOperation, Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from keepwell.access.actions import tokens
from keepwell.config.wsgi import application
from tests import world
from tests.faces.api.test_records import KEPT, Api, settle
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
WORKSPACE = (
    "accounts/{key}/",
    "book",
    "bulk",
    "comparison",
    "notifications",
    "overview",
    "portfolio",
    "search",
    "tasks",
    "today",
    "views",
)
DRAWN = settings(
    max_examples=3,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def contract() -> list[APIOperation]:
    """Every operation, as the contract declares it."""
    with _one_connection():
        schema = schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", application, config=SchemathesisConfig()
        )
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.parametrize("slug", KEPT)
def test_drawn_requests_are_answered_as_declared(slug: str) -> None:
    cast = world.build()
    api = Api(cast.root)
    assert api.ask("post", slug, settle(api, KEPT[slug])).status_code == 201
    secret = tokens.create(user=cast.root, name="drawn", by=TESTS, at=NOW, may_write=True)
    paths = {f"/api/v1/{slug}{more}" for more in ("", ".csv", "/bulk", "/{key}")}
    own = [each for each in contract() if each.path in paths]
    assert len(own) == 7, [each.label for each in own]
    with _one_connection():
        for operation in own:
            _draw(operation, secret)


@pytest.mark.parametrize("beginning", WORKSPACE)
def test_drawn_requests_of_the_workspace_are_answered_as_declared(beginning: str) -> None:
    cast = world.build()
    secret = tokens.create(user=cast.root, name="drawn", by=TESTS, at=NOW, may_write=True)
    own = [each for each in contract() if each.path.startswith(f"/api/v1/{beginning}")]
    assert own
    with _one_connection():
        for operation in own:
            _draw(operation, secret)


@contextmanager
def _one_connection() -> Iterator[None]:
    """Requests run in the transaction of the test, so none may close its connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def _draw(operation: APIOperation, secret: str) -> None:
    @DRAWN
    @given(case=operation.as_strategy())
    def answered(case: Case) -> None:
        headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    answered()


def test_no_two_shapes_share_a_name() -> None:
    """The contract lists shapes by name: of two with one name it would declare the wrong one."""
    listed = contract()[0].schema.raw_schema["components"]["schemas"]
    shapes = [shape for shape in _below(Schema) if shape.__module__.startswith("keepwell.")]
    names = Counter(shape.__name__ for shape in shapes if shape.__name__ in listed)
    assert [name for name, times in names.items() if times > 1] == []


def _below(shape: type) -> list[type]:
    return [found for own in shape.__subclasses__() for found in (own, *_below(own))]
