"""What a proof found, in words that a board understands."""

from collections.abc import Mapping
from typing import Any

from keepwell.health.formulas.proving import verdicts
from keepwell.kernel import speech
from keepwell.kernel.figures import figure, shared, whole

TITLES = verdicts.TITLES
ENOUGH = verdicts.ENOUGH_DEPARTURES


def title(figures: Mapping[str, Any]) -> str:
    """The verdict in a few words; a score that ranks the wrong way round is told as that."""
    slug = str(figures["verdict"])
    if slug == "chance" and (figures["area"]["high"] or 1) < 0.5:
        return speech.told("The wrong way round")
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
        return speech.told("no day of the past has both customers that left and customers that stayed.")
    wide = (
        ""
        if area["low"] is None
        else speech.told(
            " (%(percent)s to %(percent2)s)", percent=_percent(area["low"]), percent2=_percent(area["high"])
        )
    )
    return speech.told(
        "of a customer that left and one that stayed, the score put the one that left lower in "
        "%(percent)s %%%(wide)s of cases; a coin does in 50.",
        percent=_percent(area["auc"]),
        wide=wide,
    )


def _because(figures: Mapping[str, Any]) -> str:
    slug, many = figures["verdict"], figures["departures"]
    if slug == "too_little":
        seen = speech.counted(many, "%(n)s departure", "%(n)s departures", n=many)
        return (
            speech.told(
                "Not enough customers left to tell: %(seen)s of the %(enough)s that are needed.",
                seen=seen,
                enough=ENOUGH,
            )
            if many < ENOUGH
            else speech.told("%(seen)s leave open whether the score is useful or worth nothing.", seen=seen)
        )
    if slug == "chance":
        return speech.told("Fates dealt out at random do as well. Do not act on it.")
    if slug == "weak":
        better = verdicts.better_rivals(figures)
        named = [
            rival["title"].split(":")[0].lower() for rival in figures["rivals"] if rival["slug"] in better
        ]
        return (
            speech.told("A rule of one number is better: %(listed)s.", listed=", ".join(named))
            if named
            else speech.told("It is better than chance, but it may be by little.")
        )
    return ""


def area(found: Mapping[str, float | None]) -> str:
    """ "0.81 (0.76 to 0.85)"."""
    if found["auc"] is None:
        return "–"
    if found["low"] is None or found["high"] is None:
        return f"{found['auc']:.2f}"
    return speech.told(
        "%(found)s (%(found2)s to %(found3)s)",
        found=f"{found['auc']:.2f}",
        found2=f"{found['low']:.2f}",
        found3=f"{found['high']:.2f}",
    )


def warning(figures: Mapping[str, Any]) -> str:
    """What red would have caught, how early, and what it would have cost."""
    lead, alarm = figures["lead"], figures["alarm"]
    if not lead["departures"]:
        return speech.told("No customer left on a day that could have been foretold.")
    if not lead["caught"]:
        return speech.told("Red would have caught none of the %(lead)s that left.", lead=lead["departures"])
    caught = speech.told(
        "Red would have caught %(lead)s of the %(lead2)s that left, half of these %(figure)s days or "
        "more before",
        lead=lead["caught"],
        lead2=lead["departures"],
        figure=figure(lead["median_caught"]),
    )
    if alarm["lost_arr"]:
        caught += speech.told(
            ", with %(percent)s %% of the ARR that was lost",
            percent=_percent(alarm["warned_arr"] / alarm["lost_arr"]),
        )
    if alarm["per_csm_week"] is not None:
        return speech.told(
            "%(caught)s, for %(figure)s alarms a CSM and week.",
            caught=caught,
            figure=figure(alarm["per_csm_week"]),
        )
    return speech.told(
        "%(caught)s, for %(figure)s alarms a week.", caught=caught, figure=figure(alarm["per_week"])
    )


def theatre(figures: Mapping[str, Any]) -> list[str]:
    """What of the card is for show, in sentences."""
    titles = {one["slug"]: one["title"] for one in figures["indicators"]}
    found, acted = figures["theatre"], figures["theatre"]["acted"]
    weight = found["weight"]["nothing"] + found["weight"]["backwards"]
    said = []
    if weight:
        idle = ", ".join(titles[slug] for slug in found["measures"])
        said.append(
            speech.told(
                "%(shared)s of the weight rests on measures that foretell nothing, or the wrong way "
                "round: %(idle)s.",
                shared=shared(weight),
                idle=idle,
            )
        )
    elif found["weight"]["leads"]:
        said.append(
            speech.told(
                "%(shared)s of the weight rests on measures that lead; none is shown to be idle.",
                shared=shared(found["weight"]["leads"]),
            )
        )
    if acted["red"]["rows"]:
        said.append(_acted(acted))
    return said


def _acted(acted: Mapping[str, Any]) -> str:
    red, calm = acted["red"], acted["calm"]
    many = speech.counted(red["rows"], "%(n)s red", "%(n)s reds", n=whole(red["rows"]))
    done = speech.told(
        "Within %(acted)s days somebody acted on %(percent)s %% of %(many)s",
        acted=acted["within_days"],
        percent=_percent(red["share"]),
        many=many,
    )
    if calm["share"] is None:
        return f"{done}."
    more = red["low"] > calm["share"]
    seen = speech.told("more than") if more else speech.told("no more than")
    tail = "" if more else speech.told(" Red is not acted on.")
    return speech.told(
        "%(done)s, %(seen)s on other days (%(percent)s %%).%(tail)s",
        done=done,
        seen=seen,
        percent=_percent(calm["share"]),
        tail=tail,
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
