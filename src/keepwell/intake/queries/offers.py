"""What this stage has waiting for a person: data to mend, for those who may."""

from collections.abc import Sequence
from dataclasses import dataclass

from keepwell.hooks import specs
from keepwell.hooks.waiting import Asker, Offer, Source
from keepwell.intake.chosen import Chosen
from keepwell.intake.queries import findings, rejections
from keepwell.kernel import figures, speech
from keepwell.kernel.moments import day_of


@dataclass(frozen=True)
class Mending:
    """Rows that were not taken, and the gravest thing that is wrong with what was."""

    slug: str = "mending"
    title: str = speech.later("Data to mend")
    sentence: str = speech.later(
        "Rows that were not taken, and the check that most accounts fail; for those who may import."
    )
    share: float = 0.0
    hours: float = 0.5

    def offers(self, asker: Asker) -> Sequence[Offer]:
        """Two queries; none for those who may not import."""
        if not asker.seen_by.may("data.import"):
            return []
        week = f"{day_of(asker.now).isocalendar()[0]}-{day_of(asker.now).isocalendar()[1]}"
        offered = []
        waiting = rejections.count(chosen=Chosen(), seen_by=asker.seen_by)
        if waiting:
            offered.append(
                Offer(
                    key=f"rejections:{week}",
                    what=speech.counted(
                        waiting,
                        "Mend %(n)s row that was not taken",
                        "Mend %(n)s rows that were not taken",
                        n=figures.whole(waiting),
                    ),
                    why=speech.told("Each says why; until then nobody counts with them."),
                    deed="mend_rows",
                    subject="rejections:all",
                )
            )
        grave = [row for row in findings.counts(seen_by=asker.seen_by) if row.check.severity == "high"]
        if grave and grave[0].accounts:
            worst = grave[0]
            offered.append(
                Offer(
                    key=f"quality:{worst.check.slug}:{week}",
                    what=speech.counted(
                        worst.accounts,
                        "Mend what %(n)s account lacks",
                        "Mend what %(n)s accounts lack",
                        n=figures.whole(worst.accounts),
                    ),
                    why=f"{worst.check.title}.",
                    deed="mend_facts",
                    subject=f"check:{worst.check.slug}",
                )
            )
        return offered


@specs.impl
def waiting() -> Sequence[Source]:
    """Its sources of Today."""
    return (Mending(),)
