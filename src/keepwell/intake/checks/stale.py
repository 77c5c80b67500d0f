"""What was known once and is too old to rely on."""

from keepwell.intake.checks.base import Check

TOUCH_DAYS, ANSWER_DAYS = 90, 365

CHECKS = (
    Check(
        slug="not_spoken",
        kind="stale",
        severity="medium",
        title="Not spoken for 90 days",
        sentence=f"The last conversation is more than {TOUCH_DAYS} days ago.",
        mender="owner",
        how="Get in touch, or record the conversation that is missing here.",
        place="new-touchpoint",
        sql=(
            "SELECT a.id AS account_id, "  # noqa: S608 - our own numbers
            "'last on ' || to_char(a.last_touch_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS detail "
            "FROM ledger_account a WHERE NOT a.former "
            f"AND a.last_touch_at < %(at)s::timestamptz - interval '{TOUCH_DAYS} days'"
        ),
    ),
    Check(
        slug="old_answers",
        kind="stale",
        severity="low",
        title="Old survey answers",
        sentence="The last answer to a survey is more than a year old.",
        mender="owner",
        how="Ask again.",
        place="import-surveys",
        sql=(
            "SELECT s.account_id, "  # noqa: S608 - our own numbers
            "'last on ' || to_char(max(s.answered_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS detail "
            "FROM ledger_surveyanswer s JOIN ledger_account a ON a.id = s.account_id AND NOT a.former "
            "GROUP BY s.account_id "
            f"HAVING max(s.answered_at) < %(at)s::timestamptz - interval '{ANSWER_DAYS} days'"
        ),
    ),
    Check(
        slug="source_overdue",
        kind="stale",
        severity="high",
        title="Its source is overdue",
        sentence="Every source that tells of this account's use is silent for longer than it usually is: falling use may "
        "be a broken feed.",
        mender="data",
        how="See whether the source still sends.",
        place="sources",
        sql=(
            "SELECT u.account_id, 'by ' || string_agg(u.source, ', ' ORDER BY u.source) AS detail "
            "FROM intake_accountuse u JOIN ledger_account a ON a.id = u.account_id AND NOT a.former "
            "LEFT JOIN intake_source s ON s.slug = u.source LEFT JOIN intake_cadence c ON c.source_id = s.id "
            "WHERE c.declared_hours IS DISTINCT FROM 0 GROUP BY u.account_id "
            "HAVING bool_and(coalesce(%(at)s::timestamptz - c.last_arrival_at > "
            "make_interval(secs => 3600 * coalesce(c.declared_hours, c.limit_hours)), false))"
        ),
    ),
    Check(
        slug="renewal_passed",
        kind="stale",
        severity="high",
        title="Renewal date has passed",
        sentence="The renewal date lies in the past, and the customer is still with us: what was agreed is not known here.",
        mender="leader",
        how="Enter the renewed contract, or its end.",
        place="account-contracts",
        sql=(
            "SELECT a.id AS account_id, 'was due on ' || a.renewal_date AS detail FROM ledger_account a "
            "WHERE NOT a.former AND a.renewal_date < %(at)s::date"
        ),
    ),
)
