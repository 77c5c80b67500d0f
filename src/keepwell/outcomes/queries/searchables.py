"""This stage's answer to the hooks: outcomes, what they are worth, reviews, asks and frictions can be searched for."""

from collections.abc import Collection, Iterable, Sequence

from keepwell.hooks import specs
from keepwell.hooks.searchables import Found, Searchable
from keepwell.kernel import speech
from keepwell.outcomes import models


class Objectives:
    """Outcomes that stand in a plan."""

    slug, title, one = "objective", speech.later("Outcomes"), speech.later("outcome")
    watched: Collection[str] = ("outcomes_objective",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The outcomes themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Objective.objects.filter(pk__in=numbers, dropped_at=None)
        for pk, title, why, key, account in rows.values_list(
            "pk", "title", "why", "plan__account__key", "plan__account"
        ):
            yield Found(pk, key, title, why[:200], account_id=account, weight=220)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Objective.objects.order_by("pk").values_list("pk", flat=True)


class Reviews:
    """Business reviews."""

    slug, title, one = "review", speech.later("Business reviews"), speech.later("review")
    watched: Collection[str] = ("outcomes_review",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The reviews themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Review.objects.filter(pk__in=numbers)
        for pk, title, starts_at, key, account in rows.values_list(
            "pk", "title", "starts_at", "account__key", "account"
        ):
            yield Found(
                pk, f"{key}/{pk}", title, starts_at.date().isoformat(), account_id=account, weight=200
            )

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Review.objects.order_by("pk").values_list("pk", flat=True)


class ValueModels:
    """What outcomes are worth."""

    slug, title, one = "value_model", speech.later("Value models"), speech.later("value model")
    watched: Collection[str] = ("outcomes_valuemodel",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The models themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.ValueModel.objects.filter(pk__in=numbers, dropped_at=None)
        for pk, title, basis, key, account in rows.values_list(
            "pk", "title", "basis", "plan__account__key", "plan__account"
        ):
            yield Found(pk, key, title, basis[:200], account_id=account, weight=180)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.ValueModel.objects.order_by("pk").values_list("pk", flat=True)


class Asks:
    """Who was asked to speak for us, by the person, for whom it was, the note and what came of it."""

    slug, title, one = "ask", speech.later("Asks to speak for us"), speech.later("ask to speak for us")
    watched: Collection[str] = ("outcomes_advocateask", "outcomes_advocateoutcome", "ledger_person")

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The asks themselves, or those of people who are called otherwise now."""
        if table != "ledger_person":
            return numbers
        return list(models.AdvocateAsk.objects.filter(person__in=numbers).values_list("pk", flat=True))

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.AdvocateAsk.objects.filter(pk__in=numbers)
        columns = rows.values_list(
            "pk", "account", "account__key", "person__name", "person__key", "for_whom", "note", "outcome__text", "asked_on"
        )  # fmt: skip
        for pk, account, key, name, person, for_whom, note, came, on in columns:
            title = " · ".join(filter(None, (name or person, for_whom))) or key
            also = " ".join(filter(None, (note[:200], came)))
            yield Found(pk, key, title, also, on.isoformat(), account_id=account, weight=160)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.AdvocateAsk.objects.order_by("pk").values_list("pk", flat=True)


class Frictions:
    """What somebody wrote down that went against a customer."""

    slug, title, one = "friction", speech.later("Frictions"), speech.later("friction")
    watched: Collection[str] = ("outcomes_friction",)

    def concerned(self, table: str, numbers: Collection[int]) -> Collection[int]:
        """The frictions themselves."""
        del table
        return numbers

    def rows(self, numbers: Collection[int]) -> Iterable[Found]:
        """One query."""
        rows = models.Friction.objects.filter(pk__in=numbers)
        for pk, text, on, key, account in rows.values_list("pk", "text", "on", "account__key", "account"):
            yield Found(pk, key, text[:200], text[200:600], on.isoformat(), account_id=account, weight=140)

    def everything(self) -> Iterable[int]:
        """One query."""
        return models.Friction.objects.order_by("pk").values_list("pk", flat=True)


@specs.impl
def searchables() -> Sequence[Searchable]:
    """Outcomes, what they are worth, business reviews, asks and frictions."""
    return (Objectives(), ValueModels(), Reviews(), Asks(), Frictions())
