"""What the filter of the accounts list says: the form of the condition, and what it would leave."""

from dataclasses import dataclass, replace

from keepwell.faces.components import words
from keepwell.faces.web.pages.conditions import Node
from keepwell.faces.web.pages.filters import Filters
from keepwell.health.queries.book import BookPage
from keepwell.health.queries.sheet.question import Question
from keepwell.kernel import money
from keepwell.metrics.conditions.tree import Condition
from keepwell.metrics.conditions.vocabulary import Vocabulary
from keepwell.metrics.conditions.words import words as sentence


@dataclass(frozen=True)
class FilterPage:
    """The form, and beside it how many accounts and how much ARR are left."""

    node: Node
    action: str
    back: str
    clear: str
    members: str
    arr: str
    words: str
    refused: str


def offered(said: Vocabulary) -> Vocabulary:
    """What a filter can ask: all but counted events, which are not stored by account."""
    return replace(said, open={prefix: one for prefix, one in said.open.items() if not one.windowed})


def asked(question: Question, condition: Condition | None) -> Question:
    """The list narrowed to a condition, whatever its columns."""
    return replace(question, condition=condition, group="", columns=())


def page(
    filters: Filters, node: Node, found: BookPage | None, condition: Condition | None, refused: str
) -> FilterPage:
    """The form in one state."""
    arr = words.sums(money.totals(total.arr for total in found.totals if total.arr)) if found else ""
    return FilterPage(
        node=node,
        action=filters.address("accounts-filter"),
        back=filters.address(),
        clear=filters.address(condition=None) if filters.condition else "",
        members=words.count(found.total, "account") if found else "",
        arr=arr,
        words=sentence(condition) if condition else "",
        refused=refused,
    )
