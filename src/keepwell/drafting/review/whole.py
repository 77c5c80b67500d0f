"""All the slides of a review behind its cover."""

from keepwell.drafting.review import asked, lately, slides, worth
from keepwell.drafting.slides.deck import Deck
from keepwell.kernel import speech
from keepwell.kernel.days import date_said
from keepwell.outcomes.queries.briefs import Brief


def deck(brief: Brief, *, title: str = "", company: str = "") -> Deck:
    """The deck; the same brief gives the same one. `company` is whose review it is, for the foot of each slide."""
    parts = (
        slides.summary(brief),
        lately.since_then(brief),
        slides.outcomes(brief),
        lately.scores(brief),
        worth.value(brief),
        worth.by_quarter(brief),
        slides.use(brief),
        slides.features(brief),
        slides.standing(brief),
        slides.service(brief),
        asked.roadmap(brief),
        slides.coming(brief),
        asked.asks(brief),
    )
    name = f"\u2068{brief.account_name}\u2069"  # whichever way it is written, what follows keeps its own
    period = f"{date_said(brief.since, long=True)} – {date_said(brief.until, long=True)}"
    return Deck(
        title=title or speech.told("%(account)s: business review", account=name),
        subtitle=period,
        slides=tuple(slide for slide in parts if slide is not None),
        footer=" · ".join(part for part in (company, name, period) if part),
        language=speech.language(),
    )
