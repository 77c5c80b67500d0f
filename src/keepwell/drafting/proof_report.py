"""The report of a proof that a leader takes to the board: two pages, the verdict first."""

from datetime import datetime

from keepwell.drafting import comparison, proof_pictures, typesetting
from keepwell.health import grounds, verdicts
from keepwell.health.queries.proofs import ProofView
from keepwell.kernel.days import date_said
from keepwell.kernel.errors import Conflict
from keepwell.metrics.departures import read

TEMPLATE = "proof_report.typ"


class NotDone(Conflict):
    """A report is made of a proof that is done."""


def pdf(view: ProofView, *, at: datetime) -> bytes:
    """The PDF of a proof; the same proof gives the same file at the same moment."""
    figures = view.figures
    if figures is None:
        raise NotDone(
            "Proof %(proof_id)s is not done. Ask for its report when it is.", proof_id=view.proof_id
        )
    drawn = proof_pictures.all_of(figures, name=f"Version {view.number}", other=f"Version {view.against}")
    pictures = {
        name: one for name, one in drawn.items() if one is not None and name in ("areas", "lead", "bands")
    }
    told = {
        "card": view.title,
        "version": view.number,
        "against": view.against,
        "day": f"{date_said(at, long=True)}",
        "verdict": verdicts.title(figures),
        "slug": figures["verdict"],
        "answer": verdicts.answer(figures),
        "warning": verdicts.warning(figures),
        "difference": comparison.difference(figures),
        "theatre": verdicts.theatre(figures),
        "lines": [[line.title, line.ours, line.theirs] for line in comparison.lines(figures)],
        "pictures": [[name, picture.title, picture.note] for name, picture in pictures.items()],
        "thin": grounds.left_out(view),
        "rests": grounds.rests(view),
        "departure": read(view.departure).sentence,
    }
    return typesetting.pdf(TEMPLATE, told, {name: one.svg for name, one in pictures.items()}, at=at)
