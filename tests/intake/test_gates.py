"""Who may see and do imports: those who steer the company's data; for all others they do not exist."""

import io

import pytest

from keepwell.access.scopes import Scope
from keepwell.intake.actions import imports
from keepwell.intake.actions import sources as source_actions
from keepwell.intake.queries import batches, sources
from keepwell.kernel import errors
from tests import world
from tests.intake.files import imported, prepared
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Scope:
    return world.build().scope("ada")


def test_ada_sees_no_sources_no_imports_and_no_dead_letters(ada: Scope):
    batch = imported("accounts", "key,since\nbirch,soon\n")
    assert batches.recent(seen_by=TESTS)[0].batch_id == batch.batch_id
    assert batches.recent(seen_by=ada) == ()
    assert batches.tracked_rejections(seen_by=ada) == ()
    assert sources.all_sources(seen_by=ada) == ()
    for look in (
        lambda: batches.find(batch_id=batch.batch_id, seen_by=ada),
        lambda: batches.rejections(batch_id=batch.batch_id, seen_by=ada),
        lambda: batches.preview(batch_id=batch.batch_id, seen_by=ada),
        lambda: sources.find(slug="fernhill", seen_by=ada),
    ):
        with pytest.raises(errors.NotFound):
            look()


def test_ada_may_not_import_or_make_sources(ada: Scope):
    batch_id = prepared("accounts", "key\nbirch\n")
    for deed in (
        lambda: imports.prepare(
            kind="accounts", file=io.BytesIO(b"key\n"), file_name="a.csv", source="s", by=ada, at=NOW
        ),
        lambda: imports.start(
            batch_id=batch_id,
            mapping={"key": "key"},
            constants={},
            dry_run=False,
            vouched=False,
            by=ada,
            at=NOW,
        ),
        lambda: imports.resume(batch_id=batch_id, by=ada, at=NOW),
        lambda: source_actions.create(slug="app", name="App", vouches=False, by=ada, at=NOW),
        lambda: source_actions.rekey(slug="app", by=ada, at=NOW),
    ):
        with pytest.raises(errors.Forbidden, match=r"Your role does not allow \"data.import\""):
            deed()


def test_a_kept_file_is_previewed_with_its_likely_mapping():
    batch_id = prepared("accounts", "Account ID;Account Name\nbirch;Birch\nelm;Elm\n")
    preview = batches.preview(batch_id=batch_id, seen_by=TESTS)
    assert preview.columns == ("Account ID", "Account Name")
    assert preview.samples == (("birch", "Birch"), ("elm", "Elm"))
    assert imports.suggest(batch_id) == {"key": "Account ID", "name": "Account Name"}


def test_sources_are_listed_and_a_slug_is_taken_once():
    source_actions.create(slug="app", name="Our app", vouches=True, by=TESTS, at=NOW)
    imported("accounts", "key\nbirch\n")
    listed = sources.all_sources(seen_by=TESTS)
    assert [(source.slug, source.name, source.vouches) for source in listed] == [
        ("app", "Our app", True),
        ("fernhill", "fernhill", False),
    ]
    assert sources.find(slug="app", seen_by=TESTS) == listed[0]
    with pytest.raises(errors.Conflict, match='A source "app" already exists'):
        source_actions.create(slug="app", name="", vouches=False, by=TESTS, at=NOW)
    with pytest.raises(errors.Invalid, match='"Our App" is no slug'):
        source_actions.create(slug="Our App", name="", vouches=False, by=TESTS, at=NOW)
    with pytest.raises(errors.Invalid, match=r"The name has 201 characters; at most 200 are taken\."):
        source_actions.create(slug="web", name="n" * 201, vouches=False, by=TESTS, at=NOW)
    with pytest.raises(errors.NotFound, match='There is no source "web"'):
        source_actions.rekey(slug="web", by=TESTS, at=NOW)


@pytest.mark.parametrize("slug", ["keepwell", "account", "incident", "health"])
def test_a_source_cannot_pass_for_keepwell(slug: str):
    with pytest.raises(errors.Invalid, match=f'"{slug}" is a name that Keepwell keeps for itself'):
        source_actions.create(slug=slug, name="", vouches=False, by=TESTS, at=NOW)
    with pytest.raises(errors.Invalid, match=f'"{slug}" is a name that Keepwell keeps for itself'):
        prepared("accounts", "key\nbirch\n", source=slug)


def test_batches_and_their_rejections_are_paged():
    content = "key,since\n" + "".join(f"a{i},soon\n" for i in range(5))
    batch = imported("accounts", content)
    page = batches.rejections(batch_id=batch.batch_id, seen_by=TESTS, offset=3, limit=10)
    assert [rejection.row for rejection in page] == [5, 6]
    assert len(batches.recent(seen_by=TESTS, limit=1)) == 1
