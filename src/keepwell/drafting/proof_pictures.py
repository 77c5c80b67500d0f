"""The pictures of a proof, from its stored figures: the same on the page and on paper."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from keepwell.charts.chart import Picture
from keepwell.charts.lead_curve import LeadCurve
from keepwell.charts.reliability import Reliability
from keepwell.charts.render import picture
from keepwell.charts.whiskers import Whiskers
from keepwell.kernel.figures import shared

KINDS = {
    "place": pl.Int64,
    "label": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "kind": pl.String,
}
BANDS = {"green": "Healthy", "yellow": "Watch", "red": "At risk"}
GROUPS = {"tier": "tier", "industry": "industry", "term": "contract term"}
Row = tuple[str, float | None, float | None, float | None, str]


def all_of(figures: Mapping[str, Any], *, name: str, other: str) -> dict[str, Picture | None]:
    """Every picture by its name; None where there is nothing to draw. `name` and `other` are what versions are called."""
    return {
        "areas": areas(figures, name=name, other=other),
        "lead": lead(figures),
        "bands": bands(figures),
        "calibration": calibration(figures),
        "groups": groups(figures, name=name),
    }


def areas(figures: Mapping[str, Any], *, name: str, other: str) -> Picture | None:
    """The score beside the published card and the naive rules."""
    own = figures["area"]
    if own["auc"] is None:
        return None
    rivals = [rival for rival in figures["rivals"] if rival["told"]]
    rows: list[Row] = [(name, own["auc"], own["low"], own["high"], "own")]
    rows += [
        (other if rival["slug"] == "other" else _short(rival["title"]), *interval_of(rival["area"]), "rival")
        for rival in rivals
    ]
    chance = figures["chance"]
    said = "AUC: 0.5 is a coin, 1 is perfect."
    if chance["low"] is not None:
        said += f" Shuffled fates reach {chance['low']:.2f} to {chance['high']:.2f}."
    return picture(_whiskers(f"AUC {own['auc']:.2f}: {_finding(rivals)}", rows, said=said), frame(rows))


def groups(figures: Mapping[str, Any], *, name: str) -> Picture | None:
    """The score inside groups, so that what merely tells them apart gains nothing."""
    rows: list[Row] = [(name, *interval_of(figures["area"]), "own")]
    for by, found in figures["groups"].items():
        if len(found) > 1:
            rows += [
                (f"{one['group'] or 'none'} ({GROUPS[by]})", *interval_of(one["area"]), "rival")
                for one in found
                if one["area"] is not None
            ]
    if len(rows) < 2 or rows[0][1] is None:
        return None
    least = min(row[1] for row in rows[1:] if row[1] is not None)
    finding = f"Inside single groups the AUC is {least:.2f} or more"
    return picture(_whiskers(finding, rows, said="One group at a time."), frame(rows))


def bands(figures: Mapping[str, Any]) -> Picture | None:
    """How many left of each band."""
    told = {one["band"]: one for one in figures["bands"] if one["rows"] and one["band"] in BANDS}
    if not told:
        return None
    rows: list[Row] = [
        (BANDS[band], one["share"], one["low"], one["high"], band) for band, one in told.items()
    ]
    most = max(0.05, *(row[3] or 0.0 for row in rows))
    finding = " and ".join(
        f"{shared(100 * told[band]['share'])} of {BANDS[band].lower()}"
        for band in ("red", "green")
        if band in told
    )
    chart = Whiskers(
        f"{finding} left" if finding else "What became of each band",
        "Left",
        line=figures["base_rate"] or 0.0,
        most=round(min(1.0, most * 1.05), 3),
        is_percent=True,
        said="Share that left within the horizon; the dashed line is everybody.",
    )
    return picture(chart, frame(rows))


def lead(figures: Mapping[str, Any]) -> Picture | None:
    """The lead-time curve."""
    curve = figures["lead"]["curve"]
    if not curve:
        return None
    curve_ = pl.DataFrame(
        {"days": [mark for mark, _ in curve], "share": [float(share) for _, share in curve]}
    )
    return picture(LeadCurve(figures["lead"]["departures"]), curve_)


def calibration(figures: Mapping[str, Any]) -> Picture | None:
    """Foretold against came."""
    found = figures["calibration"]
    if found is None:
        return None
    bins = found["bins"]
    tenths = pl.DataFrame({name: [one[name] for one in bins] for name in ("foretold", "came", "rows")})
    return picture(Reliability(), tenths)


def _finding(rivals: Sequence[Mapping[str, Any]]) -> str:
    naive = [rival for rival in rivals if rival["slug"] != "published"]
    beaten = [rival for rival in naive if (rival["low"] or 0) > 0]
    if not naive:
        return "there is no naive rule to compare with"
    if len(beaten) == len(naive):
        return "surely better than every naive rule"
    better = [_short(rival["title"]) for rival in naive if (rival["high"] or 0) < 0]
    if better:
        return f"{better[0].lower()} is surely better"
    if not beaten:
        return "not surely better than any naive rule"
    return f"surely better than {len(beaten)} of {len(naive)} naive rules"


def _whiskers(finding: str, rows: Sequence[Row], *, said: str) -> Whiskers:
    lows = [row[2] for row in rows if row[2] is not None]
    return Whiskers(finding, "AUC", line=0.5, least=round(min(0.4, *lows, 0.4), 1), said=said)


def interval_of(area: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    """A figure and its interval."""
    return area["auc"], area["low"], area["high"]


def _short(title: str) -> str:
    return title.partition(":")[0]


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as the whiskers want them."""
    return pl.DataFrame([(place, *row) for place, row in enumerate(rows)], schema=KINDS, orient="row")
