"""What the pages of playbooks say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from keepwell.access.roles import ROLES
from keepwell.faces.components import words
from keepwell.faces.web.pages.runs import RunRow, run_row
from keepwell.hooks import registry
from keepwell.kernel import speech
from keepwell.plays.declared import sentence_of
from keepwell.plays.playbook import BRANCH, OUTCOMES, WAIT, After, Declared, Step
from keepwell.plays.queries import playbooks
from keepwell.plays.queries.dry_runs import DryRunView
from keepwell.plays.queries.playbooks import PlaybookView, VersionView
from keepwell.plays.queries.runs import RunView

OF_FLOW = {WAIT: speech.later("Wait"), BRANCH: speech.later("Branch")}
DRY_STATES = {
    "queued": speech.later("Waits for its turn."),
    "running": speech.later("Is being found out."),
    "failed": speech.later("Could not be found out."),
    "done": speech.later("Found out."),
}


@dataclass(frozen=True)
class PlaybookRow:
    """A playbook in the list."""

    title: str
    href: str
    sentence: str
    state: str
    starts: str
    steps: str
    running: str
    reached: str


@dataclass(frozen=True)
class PlaybooksPage:
    """All playbooks: those that may start, then those that rest."""

    state: str
    rows: tuple[PlaybookRow, ...]
    resting: tuple[PlaybookRow, ...]
    may_change: bool


@dataclass(frozen=True)
class StepLine:
    """A step in the timeline of a playbook: the working days on which it is due if all goes as written."""

    days: str
    title: str
    kind: str
    who: str
    detail: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class VersionRow:
    """A version of a playbook."""

    number: int
    state: str
    when: str
    steps: str
    may_return: bool


@dataclass(frozen=True)
class DryRow:
    """A dry run in the list."""

    href: str
    name: str
    since: str
    state: str


@dataclass(frozen=True)
class PlaybookPage:
    """One playbook: what it says, how far its runs are, its versions."""

    slug: str
    title: str
    sentence: str
    state: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[StepLine, ...]
    draft: VersionRow | None
    draft_seen: str
    draft_steps: tuple[StepLine, ...]
    is_resting: bool
    may_start: bool
    runs: tuple[RunRow, ...]
    more: str
    versions: tuple[VersionRow, ...]
    dry: tuple[DryRow, ...]
    latest: str
    may_change: bool
    may_work: bool


@dataclass(frozen=True)
class EditPage:
    """The editor: the same words as a file of a pack has, and what they come to."""

    slug: str
    title: str
    text: str
    kinds: tuple[tuple[str, str, str], ...]
    steps: tuple[StepLine, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    refused: str = ""

    @property
    def action(self) -> str:
        """Where the form goes."""
        return reverse("playbook-edit", args=(self.slug,)) if self.slug else reverse("playbook-new")


@dataclass(frozen=True)
class DryDay:
    """A day of a dry run with what would have happened on it."""

    day: str
    told: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class DryPage:
    """What a playbook would have done for an account."""

    id: int
    slug: str
    title: str
    name: str
    account_href: str
    state: str
    moves: bool
    refused: str
    days: tuple[DryDay, ...]


def listing(found: Sequence[PlaybookView], *, may_change: bool) -> PlaybooksPage:
    """The list."""
    rows = [(_row(one), one.active or one.number is None) for one in found]
    now = sum(one.running for one in found)
    ready = sum(one.active for one in found)
    state = speech.told(
        "%(ready)s may start; %(now)s going on.",
        ready=words.count(ready, "playbook"),
        now=words.count(now, "run"),
    )
    return PlaybooksPage(
        state if found else "",
        tuple(row for row, is_awake in rows if is_awake),
        tuple(row for row, is_awake in rows if not is_awake),
        may_change,
    )


def _row(one: PlaybookView) -> PlaybookRow:
    state = "" if one.active else speech.told("Rests") if one.number else speech.told("Draft")
    return PlaybookRow(
        one.title,
        reverse("playbook", args=(one.slug,)),
        one.sentence,
        state,
        _starts(one.definition["starts"]),
        str(len(one.definition["steps"])),
        words.whole(one.running),
        _reached(one),
    )


def _starts(starts: Mapping[str, Any]) -> str:
    said = []
    if starts["rules"]:
        rules = ", ".join(words.spoken(slug) for slug in starts["rules"])
        said.append(speech.told("the rule fires: %(rules)s", rules=rules))
    if starts["phases"]:
        phases = ", ".join(words.spoken(slug) for slug in starts["phases"])
        said.append(speech.told("the phase begins: %(phases)s", phases=phases))
    return "; ".join(said) or speech.told("by hand")


def _reached(one: PlaybookView) -> str:
    """The share with its interval, once anything has ended; nothing is claimed of an effect."""
    if not one.has_goal:
        return speech.told("no goal")
    if one.share is None:
        return "–"
    return speech.told(
        "%(reached)s of %(ended)s (%(low)s–%(high)s)",
        reached=one.reached,
        ended=one.ended,
        low=words.percent(100 * one.share.low),
        high=words.percent(100 * one.share.high),
    )


def facts(said: Declared, definition: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """When it starts, ends and rests."""
    quiet = said.starts.again_after_days
    told = [
        (speech.told("Starts when"), _starts(definition["starts"])),
        (speech.told("For accounts of which"), sentence_of(said.starts.applies)),
        (speech.told("Not again within"), words.count(quiet, "day") if quiet else ""),
        (speech.told("Goal"), sentence_of(said.goal)),
        (speech.told("Ends early when"), sentence_of(said.exit)),
        (speech.told("Rests while"), sentence_of(said.pauses)),
        (speech.told("Ends at the latest after"), words.count(said.most_days, "day")),
    ]
    return tuple((title, text) for title, text in told if text)


def steps(said: Declared) -> tuple[StepLine, ...]:
    """The timeline: each step with the working days on which it is due if all goes as written."""
    return tuple(_line(step, begins, ends, said) for step, begins, ends in playbooks.planned(said))


def _line(step: Step, begins: int, ends: int, said: Declared) -> StepLine:
    first, last = begins + 1, max(ends, begins + 1)
    days = speech.told("Day %(day)s", day=first)
    if last > first:
        days = speech.told("Days %(first)s to %(last)s", first=first, last=last)
    detail = []
    if step.after:
        after = ", ".join(_after(one, said) for one in step.after)
        detail.append(speech.told("after %(steps)s", steps=after))
    if step.when is not None:
        detail.append(speech.told("only when %(condition)s", condition=sentence_of(step.when)))
    if step.asks is not None:
        detail.append(sentence_of(step.asks))
    who = ROLES[step.role].title if step.role else str(step.said.get("to") or step.said.get("channel") or "")
    return StepLine(days, step.title, kind_of(step.kind), who, tuple(detail), str(step.said.get("text", "")))


def _after(after: After, said: Declared) -> str:
    title = said.step(after.step).title
    return f"“{title}”: {outcome(after.outcome)}" if after.outcome else f"“{title}”"


def outcome(slug: str) -> str:
    """How a step ended, in words."""
    return speech.told(OUTCOMES.get(slug, slug))


def kind_of(slug: str) -> str:
    """What a kind of step is called; nothing where somebody simply does it."""
    if slug == "task":
        return ""
    return speech.told(OF_FLOW[slug]) if slug in OF_FLOW else registry.steps()[slug].title


def detail(
    one: PlaybookView,
    said: Declared,
    versions: Sequence[tuple[VersionView, Declared]],
    found: Sequence[RunView],
    dry: Sequence[DryRunView],
    *,
    now: datetime,
    may_change: bool,
    may_work: bool,
) -> PlaybookPage:
    """One playbook."""
    drafts = [(view, told) for view, told in versions if view.published_at is None]
    left = one.running + one.ended + one.cancelled - len(found)
    today = words.local_day(now)
    return PlaybookPage(
        slug=one.slug,
        title=one.title,
        sentence=said.sentence,
        state=_state(one),
        facts=facts(said, one.definition),
        steps=steps(said),
        draft=_version(drafts[0][0], one, today) if drafts and one.number else None,
        draft_seen=drafts[0][0].changed_at.isoformat() if drafts else "",
        draft_steps=steps(drafts[0][1]) if drafts and one.number else (),
        is_resting=not one.active and one.number is not None,
        may_start=one.active and may_work,
        runs=tuple(run_row(run, now=now, of_account=False) for run in found),
        more=speech.told("%(n)s more are in the CSV.", n=words.whole(left)) if left > 0 else "",
        versions=tuple(_version(view, one, today) for view, _ in versions if view.published_at is not None),
        dry=tuple(
            DryRow(
                reverse("playbook-dry-run", args=(view.id,)),
                view.name,
                words.date_of(view.since),
                speech.told(DRY_STATES[view.state]),
            )
            for view in dry
        ),
        latest=today.isoformat(),
        may_change=may_change,
        may_work=may_work,
    )


def _state(one: PlaybookView) -> str:
    if one.number is None:
        return speech.told("Never published: nothing starts it.")
    if not one.active:
        return speech.told("It rests: nothing starts it. What runs goes on.")
    told = speech.told(
        "%(now)s going on, %(ended)s ended.",
        now=words.count(one.running, "run"),
        ended=words.whole(one.ended),
    )
    if one.share is None:
        return told
    return f"{told} {speech.told('Goal reached: %(share)s. What would have come anyway is in it.', share=_reached(one))}"


def _version(view: VersionView, one: PlaybookView, today: date) -> VersionRow:
    is_in_force = view.number == one.number
    state = "Draft" if view.published_at is None else "In force" if is_in_force else "Earlier"
    return VersionRow(
        view.number,
        speech.told(state),
        words.moment(view.published_at or view.changed_at, today=today),
        words.count(len(view.definition["steps"]), "step"),
        view.published_at is not None and not is_in_force,
    )


def edit(slug: str, title: str, text: str, *, said: Declared | None = None, refused: str = "") -> EditPage:
    """The editor, with what the text comes to if it can be read."""
    kinds = [(kind.slug, kind.title, kind.sentence) for kind in registry.steps().values()]
    if said is None:
        return EditPage(slug, title, text, tuple(kinds), refused=refused)
    return EditPage(slug, title, text, tuple(kinds), steps(said), facts(said, said.written), refused)


def dry(view: DryRunView) -> DryPage:
    """A dry run, day by day."""
    days: dict[str, list[tuple[str, str, str]]] = {}
    for one in (view.found or {}).get("days", ()):
        days.setdefault(one["day"], []).append(_told(one))
    return DryPage(
        view.id,
        view.playbook,
        view.title,
        view.name,
        reverse("account", args=(view.account,)),
        speech.told(
            "From %(day)s on, as known then. Nothing was done.", day=words.date_of(view.since, long=True)
        ),
        view.state in ("queued", "running"),
        view.error,
        tuple(
            DryDay(words.date_of(date.fromisoformat(day), long=True), tuple(told))
            for day, told in days.items()
        ),
    )


ENDS = {
    "reached": speech.later("The goal is reached: it ends"),
    "left": speech.later("It ends early"),
    "expired": speech.later("Its time is over: it ends"),
    "finished": speech.later("All steps are over: it ends"),
    "paused": speech.later("It rests"),
    "resumed": speech.later("It goes on"),
}


def _told(one: Mapping[str, Any]) -> tuple[str, str, str]:
    why = "; ".join(one["because"])
    if not one["step"]:
        return speech.told(ENDS[one["what"]]), "", why
    said = {"open": speech.told("begins"), "skipped": speech.told("is skipped")}
    who = ROLES[one["role"]].title if one["role"] else kind_of(one["kind"])
    return f"{one['title']}: {said.get(one['what']) or outcome(one['what'])}", who, why
