"""What a proof found, in words that a board understands."""

from collections.abc import Mapping
from typing import Any

from keepwell.health.formulas.proving import verdicts
from keepwell.kernel.figures import figure

TITLES = verdicts.TITLES
ENOUGH = verdicts.ENOUGH_DEPARTURES


def title(figures: Mapping[str, Any]) -> str:
    """The verdict in a few words; a score that ranks the wrong way round is told as that."""
    slug = str(figures["verdict"])
    if slug == "chance" and (figures["area"]["high"] or 1) < 0.5:
        return "The wrong way round"
    return TITLES[slug]


def sentence(figures: Mapping[str, Any]) -> str:
    """The answer to the question whether the score told who would leave, with what it rests on."""
    return f"{title(figures)}: {_ranks(figures)} {_because(figures)}".strip()


def answer(figures: Mapping[str, Any]) -> str:
    """The same without the verdict, which stands above it."""
    said = f"{_ranks(figures)} {_because(figures)}".strip()
    return said[:1].upper() + said[1:]


def _ranks(figures: Mapping[str, Any]) -> str:
    area = figures["area"]
    if area["auc"] is None:
        return "no day of the past has both customers that left and customers that stayed."
    wide = "" if area["low"] is None else f" ({_percent(area['low'])} to {_percent(area['high'])})"
    return (
        f"of a customer that left and one that stayed, the score put the one that left lower in {_percent(area['auc'])} %"
        f"{wide} of cases; a coin does in 50."
    )


def _because(figures: Mapping[str, Any]) -> str:
    slug, many = figures["verdict"], figures["departures"]
    if slug == "too_little":
        seen = f"{many} departure" + ("" if many == 1 else "s")
        return (
            f"Not enough customers left to tell: {seen} of the {ENOUGH} that are needed."
            if many < ENOUGH
            else f"{seen} leave open whether the score is useful or worth nothing."
        )
    if slug == "chance":
        return "Fates dealt out at random do as well. Do not act on it."
    if slug == "weak":
        better = verdicts.better_rivals(figures)
        named = [
            rival["title"].split(":")[0].lower() for rival in figures["rivals"] if rival["slug"] in better
        ]
        return (
            f"A rule of one number is better: {', '.join(named)}."
            if named
            else "It is better than chance, but it may be by little."
        )
    return ""


def area(found: Mapping[str, float | None]) -> str:
    """ "0.81 (0.76 to 0.85)"."""
    if found["auc"] is None:
        return "–"
    if found["low"] is None or found["high"] is None:
        return f"{found['auc']:.2f}"
    return f"{found['auc']:.2f} ({found['low']:.2f} to {found['high']:.2f})"


def warning(figures: Mapping[str, Any]) -> str:
    """What red would have caught, how early, and what it would have cost."""
    lead, alarm = figures["lead"], figures["alarm"]
    if not lead["departures"]:
        return "No customer left on a day that could have been foretold."
    if not lead["caught"]:
        return f"Red would have caught none of the {lead['departures']} that left."
    caught = (
        f"Red would have caught {lead['caught']} of the {lead['departures']} that left, "
        f"half of these {figure(lead['median_caught'])} days or more before"
    )
    if alarm["lost_arr"]:
        caught += f", with {_percent(alarm['warned_arr'] / alarm['lost_arr'])} % of the ARR that was lost"
    if alarm["per_csm_week"] is not None:
        return f"{caught}, for {figure(alarm['per_csm_week'])} alarms a CSM and week."
    return f"{caught}, for {figure(alarm['per_week'])} alarms a week."


def theatre(figures: Mapping[str, Any]) -> list[str]:
    """What of the card is for show, in sentences."""
    titles = {one["slug"]: one["title"] for one in figures["indicators"]}
    found, acted = figures["theatre"], figures["theatre"]["acted"]
    weight = found["weight"]["nothing"] + found["weight"]["backwards"]
    said = []
    if weight:
        idle = ", ".join(titles[slug] for slug in found["measures"])
        said.append(
            f"{weight:.0f} % of the weight rests on measures that foretell nothing, or the wrong way round: {idle}."
        )
    elif found["weight"]["leads"]:
        said.append(
            f"{found['weight']['leads']:.0f} % of the weight rests on measures that lead; none is shown to be idle."
        )
    if acted["red"]["rows"]:
        said.append(_acted(acted))
    return said


def _acted(acted: Mapping[str, Any]) -> str:
    red, calm = acted["red"], acted["calm"]
    many = f"{red['rows']:,} red" + ("" if red["rows"] == 1 else "s")
    done = f"Within {acted['within_days']} days somebody acted on {_percent(red['share'])} % of {many}"
    if calm["share"] is None:
        return f"{done}."
    more = red["low"] > calm["share"]
    seen = "more than" if more else "no more than"
    tail = "" if more else " Red is not acted on."
    return f"{done}, {seen} on other days ({_percent(calm['share'])} %).{tail}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
