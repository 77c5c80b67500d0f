"""What conditions of scorecards may ask about an account."""

from keepwell.metrics.conditions.vocabulary import Subject, Vocabulary

METRIC, FIELD = "metric.", "field."

OF_ACCOUNTS = Vocabulary(
    subjects={
        subject.slug: subject
        for subject in (
            Subject("key", "account", "text"),
            Subject("industry", "industry", "text"),
            Subject("country", "country", "text"),
            Subject("tier", "tier", "text"),
            Subject("phase", "phase", "text"),
            Subject("tags", "tags", "list"),
            Subject("arr", "ARR", "number"),
            Subject("since", "customer since", "day"),
            Subject("renewal_date", "renewal", "day"),
        )
    },
    open={METRIC: Subject(METRIC, "", "number"), FIELD: Subject(FIELD, "", "any")},
)
