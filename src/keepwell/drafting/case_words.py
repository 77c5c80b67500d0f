"""What a business case comes to, in sentences: the finding, sums, and what is not known."""

from keepwell.drafting import value_words
from keepwell.kernel import speech
from keepwell.outcomes.queries.shared_case import SharedCase
from keepwell.outcomes.queries.value_sums import Sum, Totals

RENEWS: dict[bool | None, str] = {
    True: speech.later("renews by itself"),
    False: speech.later("must be renewed"),
    None: speech.later("whether it renews by itself is not stated"),
}


def finding(totals: Totals) -> str:
    """The case in a sentence."""
    if totals.ratio is not None:
        return speech.told(
            "The value that is confirmed is %(times)s what was paid in the same quarters",
            times=value_words.times(totals.ratio),
        )
    if totals.confirmed.count:
        return speech.told("Value is confirmed; how it compares with the cost is not known")
    if totals.counted.count:
        return speech.told("Value is counted, and nobody has confirmed it yet")
    return speech.told("No value is counted yet")


def worth(told: Sum) -> tuple[str, str]:
    """The range of a sum, and what else there is to say of it; currencies without a rate stand apart."""
    others = [value_words.whole(found, "", unit) for unit, found in told.others]
    if not told.money:
        return (others[0], "; ".join(others[1:])) if others else (speech.told("not known"), "")
    apart = [value_words.whole(found, currency) for currency, found in told.money]
    if told.whole is None:
        return apart[0], "; ".join([*apart[1:], *others])
    likely = speech.told("likely %(n)s", n=value_words.likely(told.whole, told.into))
    more = apart if told.is_mixed else []
    return value_words.span(told.whole, told.into), "; ".join([likely, *more, *others])


def unknown(case: SharedCase) -> tuple[str, ...]:
    """Everything that the case does not know, or that does not count in it."""
    totals, said = case.totals, list[str]()
    if case.plan is None:
        said.append(speech.told("No success plan is agreed, so there is no outcome to speak of."))
    if totals.counted.count:
        said.append(
            speech.told(
                "Counted but not confirmed, and in no sum: %(range)s.",
                range="; ".join(one for one in worth(totals.counted) if one),
            )
        )
    if totals.unknown:
        said.append(
            speech.counted(
                totals.unknown,
                "One value could not be counted, for an input is not known.",
                "%(n)s values could not be counted, for inputs are not known.",
                n=totals.unknown,
            )
        )
    confirmed = {each.quarter for one in case.models for each in one.statements if each.is_confirmed}
    silent = [value_words.quarter(one) for one in case.quarters if one not in confirmed]
    if silent:
        said.append(
            speech.told(
                "Nothing is confirmed of %(quarters)s; that is not the same as no value.",
                quarters=", ".join(silent),
            )
        )
    if totals.cost is None and totals.paid_quarters:
        said.append(
            speech.told(
                "What the confirmed quarters cost is not known: %(why)s.",
                why=speech.said(value_words.LACKS[totals.lacks]),
            )
        )
    if totals.confirmed.lacking:
        said.append(
            speech.told(
                "No rate is known from %(currencies)s into %(into)s.",
                currencies=", ".join(totals.confirmed.lacking),
                into=totals.confirmed.into,
            )
        )
    if case.plan is not None and not case.planned:
        said.append(speech.told("No outcome is planned for the next term yet."))
    return tuple(said)
