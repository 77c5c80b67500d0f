"""A playbook's draft as a form: steps, conditions and templates by buttons alone, errors at their field, TOML beside it."""

import pytest
from django.test import Client

from keepwell.faces.web.pages import playbook_forms
from keepwell.packs import loading
from keepwell.plays import declared
from keepwell.plays.actions import channels
from keepwell.plays.models import Playbook, PlaybookVersion
from keepwell.segments.queries import vocabulary
from tests.faces.web.conftest import SignIn
from tests.faces.web.filling import Form, press
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db
NEW, RESCUE = "/playbooks/new/", "/playbooks/red-account-rescue/edit/"
SHIPPED = [(pack, book.slug) for pack in loading.shipped() for book in loading.find(pack).playbooks]


@pytest.fixture
def root(lived: World, sign_in: SignIn) -> Client:
    return sign_in(lived.root)


def newest(slug: str) -> PlaybookVersion:
    return PlaybookVersion.objects.filter(playbook__slug=slug).latest("number")


def test_the_form_can_say_every_playbook_that_ships() -> None:
    words = vocabulary.accounts()
    for pack, slug in SHIPPED:
        book = next(book for book in loading.find(pack).playbooks if book.slug == slug)
        said = declared.read(book.definition, words, plain=False).written
        assert playbook_forms.stated(playbook_forms.of(book.title, said), words) == said, (pack, slug)


def test_looking_at_every_step_and_saving_changes_nothing(root: Client) -> None:
    said = newest("red-account-rescue").definition
    page = root.get(RESCUE)
    for n in range(len(said["steps"])):
        page = press(root, page, RESCUE, f"open:{n}")
    page = press(root, page, RESCUE, "close")
    assert press(root, page, RESCUE, "save").headers["Location"] == "/playbooks/red-account-rescue/"
    assert newest("red-account-rescue").definition == said
    assert not PlaybookVersion.objects.filter(published_at=None).exists()


def test_a_playbook_is_made_by_buttons_alone(root: Client) -> None:
    channels.open_channel(slug="room", title="Room", kind="chat", url="https://chat.test/x", by=TESTS, at=NOW)
    page = press(
        root, root.get(NEW), NEW, "add-step", title="Save Willow", step_title="Call {name}", new_kind="wait"
    )
    assert "Wait" in text(page)
    page = press(
        root, page, NEW, "look", step_title="They use it", step_days="10", of_0asks_0="metric.active_people"
    )
    page = press(root, page, NEW, "add-step", op_0asks_0="above", value_0asks_0="3", new_kind="chat")
    page = press(
        root, page, NEW, "add-asked:goal", step_title="Tell all", step_channel="room", step_text="{name} is back",
        step_after=["they-use-it:held", ""],
    )  # fmt: skip
    page = press(root, page, NEW, "look", of_0goal_0="metric.active_people")
    saved = press(root, page, NEW, "save", op_0goal_0="above", value_0goal_0="8", rules="falls-into-red")
    assert saved.headers["Location"] == "/playbooks/save-willow/"
    said = newest("save-willow").definition
    assert [(step["slug"], step["kind"], step["after"]) for step in said["steps"]] == [
        ("call-name", "task", []),
        ("they-use-it", "wait", ["call-name"]),
        ("tell-all", "chat", ["they-use-it:held"]),
    ]
    assert said["goal"] == {"of": "metric.active_people", "above": 8.0}
    assert said["starts"]["rules"] == ["falls-into-red"]
    assert said["steps"][2]["text"] == "{name} is back"
    assert root.get("/playbooks/save-willow/").status_code == 200


def test_steps_are_moved_and_removed_and_whoever_came_after_one_that_goes_no_longer_does(
    root: Client,
) -> None:
    said = newest("red-account-rescue").definition
    first, second = (step["slug"] for step in said["steps"][:2])
    page = press(root, root.get(RESCUE), RESCUE, "down:0")
    page = press(root, page, RESCUE, "up:0")
    press(root, page, RESCUE, "save")
    order = [step["slug"] for step in newest("red-account-rescue").definition["steps"]]
    assert order[:2] == [second, first]
    page = press(root, root.get(RESCUE), RESCUE, "drop:1")
    press(root, page, RESCUE, "save")
    steps = newest("red-account-rescue").definition["steps"]
    assert first not in {step["slug"] for step in steps}
    assert first not in {after.partition(":")[0] for step in steps for after in step["after"]}


def test_what_is_wrong_stands_at_its_field_and_goes_when_it_is_mended(root: Client) -> None:
    page = press(root, root.get(NEW), NEW, "add-step", title="Mails", step_title="Call", new_kind="mail")
    assert 'class="errors"' not in html(page)
    page = press(
        root, page, NEW, "add-step", step_title="Write", step_to="nobody", step_subject="x", step_text="y"
    )
    refused = press(root, page, NEW, "save", step_title="More", step_days="soon")
    assert refused.status_code == 422
    assert "To” is an e-mail address" in text(refused)
    assert 'aria-describedby="step-days-error"' in html(refused)
    assert 'href="#open-write"' in html(refused)
    assert not Playbook.objects.filter(slug="mails").exists()
    mended = press(root, refused, NEW, "open:1", step_days="3")
    assert 'aria-describedby="step-to-error"' in html(mended)
    mended = press(root, mended, NEW, "look", step_to="champion", step_text="Dear {champ}")
    assert "The field “{champ}” is not known" in text(mended)
    mended = press(root, mended, NEW, "look", step_text="Dear {champion}")
    assert 'class="errors"' not in html(mended)
    assert press(root, mended, NEW, "save").headers["Location"] == "/playbooks/mails/"


def test_what_is_wrong_with_the_whole_is_said_there(root: Client) -> None:
    page = press(root, root.get(RESCUE), RESCUE, "save", most_days="9999", title="")
    assert page.status_code == 422
    assert 'aria-describedby="most-error"' in html(page)
    page = press(root, page, RESCUE, "save", most_days="100")
    assert "needs a title" in text(page)
    twice = press(root, root.get(NEW), NEW, "save", title="Red-account rescue", step_title="Call")
    assert "There is a playbook named like" in text(twice)


def test_a_text_is_shown_as_an_account_would_get_it(root: Client) -> None:
    page = press(
        root, root.get(NEW), NEW, "add-step", title="Mails", step_title="Call {name}", new_kind="mail"
    )
    page = press(
        root, page, NEW, "look", step_title="Write to {name}", step_to="champion", step_subject="Hello",
        step_text="{name} has {person.executive}", account="Willow",
    )  # fmt: skip
    told = text(page)[text(page).index("Preview its") :]
    assert "Write to Willow" in told
    assert "Not known of this account" in told
    nobody = press(root, page, NEW, "look", account="nowhere")
    assert "There is no account “nowhere”" in text(nobody)


def test_toml_is_the_other_face_of_the_same_draft(root: Client) -> None:
    page = press(root, root.get(RESCUE), RESCUE, "toml", most_days="77")
    assert "most_days = 77" in text(page)
    written = Form(html(page), RESCUE).fields["text"][0].replace("most_days = 77", "most_days = 78")
    form = press(root, page, RESCUE, "form", text=written)
    assert Form(html(form), RESCUE).fields["most_days"] == ["78"]
    press(root, form, RESCUE, "save")
    assert newest("red-account-rescue").definition["most_days"] == 78
    assert "most_days = 78" in text(root.get(f"{RESCUE}?as=toml"))
    wrong = press(root, page, RESCUE, "form", text="steps = [")
    assert wrong.status_code == 422
    assert "This is no TOML" in text(wrong)


def test_htmx_gets_the_form_alone_and_who_may_not_change_gets_none(
    lived: World, sign_in: SignIn, ada: Client
) -> None:
    quick = sign_in(lived.root, htmx=True)
    page = sign_in(lived.root).get(RESCUE)
    answer = press(quick, page, RESCUE, "open:0")
    assert html(answer).lstrip().startswith('<div class="editing" id="editor">')
    assert ada.get(RESCUE).status_code == 403
    broken = sign_in(lived.root).post(RESCUE, {"steps": "1", "s0": "{", "deed": "look"})
    assert broken.status_code in (400, 422)


def test_every_problem_that_reading_finds_is_named_by_its_place() -> None:
    step = {"slug": "a", "title": "A"}
    wrong = {
        "a": ({"steps": [step, {**step, "title": "B"}]}, [(1, "slug")]),
        "b": ({"steps": [{**step, "after": ["b"]}]}, [(0, "after")]),
        "c": (
            {"steps": [step, {"slug": "c", "title": ""}], "most_days": 0},
            [(1, "title"), (None, "most_days")],
        ),
        "d": (
            {"steps": [{**step, "kind": "wait"}, {"title": "X", "role": "king"}]},
            [(0, "asks"), (1, "role")],
        ),
        "e": ({"steps": [step], "goal": {"of": "nothing"}}, [(None, "goal")]),
        "f": ({"steps": []}, [(None, "")]),
        "g": ({"steps": [step]}, []),
    }
    for given, expected in wrong.values():
        assert [(one.step, one.key) for one in declared.problems(given)] == expected
