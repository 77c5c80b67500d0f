"""What cannot be true together."""

from keepwell.intake.checks.base import Check

GRACE_DAYS, RECENT_DAYS, LEAST_COLLEAGUES = 1, 28, 3

_OVERLAP = (
    "SELECT c.account_id, 'contracts ' || min(c.key || ' and ' || d.key) AS detail "
    "FROM ledger_contract c JOIN ledger_contract d ON d.account_id = c.account_id AND d.id > c.id "
    "AND c.product <> '' AND lower(d.product) = lower(c.product) "
    "AND (c.end_date IS NULL OR d.start_date < c.end_date) AND (d.end_date IS NULL OR c.start_date < d.end_date) "
    "GROUP BY c.account_id"
)
_TOLD_TWICE = (
    "SELECT m.account_id, 'contracts ' || min(m.key || ' and ' || t.key) AS detail FROM ledger_amendment a "
    "JOIN ledger_contract m ON m.key = a.successor "
    "JOIN ledger_contract t ON t.account_id = m.account_id AND t.key <> m.key AND t.source <> m.source "
    "AND t.currency = m.currency AND (t.product = '' OR m.product = '' OR lower(t.product) = lower(m.product)) "
    "AND (m.end_date IS NULL OR t.start_date < m.end_date) AND (t.end_date IS NULL OR m.start_date < t.end_date) "
    "AND (t.key = a.contract OR abs(t.start_date - m.start_date) <= 31) AND NOT t.key = ANY(a.apart) "
    "WHERE a.kind = 'renewed' AND a.taken_back_at IS NULL AND NOT a.told_again GROUP BY m.account_id"
)
_LEFT_AND_USES = (
    "SELECT a.id AS account_id, 'left on ' || l.day || ', used on ' || u.day AS detail FROM ledger_account a "  # noqa: S608 - our own numbers
    "JOIN (SELECT account_id, max((last_at AT TIME ZONE 'UTC')::date) AS day FROM intake_accountuse GROUP BY 1) u "
    "ON u.account_id = a.id "
    "LEFT JOIN (SELECT account_id, max(end_date) AS day FROM ledger_contract GROUP BY 1) c ON c.account_id = a.id "
    "CROSS JOIN LATERAL (SELECT coalesce((a.left_at AT TIME ZONE 'UTC')::date, c.day) AS day) l "
    f"WHERE a.former AND a.merged_into_id IS NULL AND u.day > l.day + {GRACE_DAYS}"
)
_FOREIGN = f"""
WITH mine AS (
  SELECT DISTINCT s.account_id, s.person_id, p.name, lower(split_part(p.email, '@', 2)) AS domain
  FROM ledger_stakeholder s JOIN ledger_person p ON p.id = s.person_id WHERE position('@' in p.email) > 1
), counted AS (SELECT domain, account_id, count(*) AS people FROM mine GROUP BY 1, 2),
home AS (
  SELECT domain, min(account_id) FILTER (WHERE people >= {LEAST_COLLEAGUES}) AS account_id FROM counted GROUP BY 1
  HAVING count(*) FILTER (WHERE people >= {LEAST_COLLEAGUES}) = 1 AND count(*) = 2
)
SELECT c.account_id, 'as those of ' || min(coalesce(nullif(b.name, ''), b.key)) || ': ' || min(c.domain) AS detail
FROM counted c JOIN home h ON h.domain = c.domain AND h.account_id <> c.account_id AND c.people = 1
JOIN ledger_account b ON b.id = h.account_id GROUP BY c.account_id
"""  # noqa: S608 - our own numbers

CHECKS = (
    Check(
        slug="contract_ends_before_start",
        kind="contradictory",
        severity="high",
        title="Contract ends before it begins",
        sentence="The end of a contract is not after its start.",
        mender="leader",
        how="Correct the days of the contract.",
        place="account-contracts",
        sql=(
            "SELECT account_id, min('contract ' || key || ', ' || start_date || ' to ' || end_date) AS detail "
            "FROM ledger_contract WHERE end_date <= start_date GROUP BY account_id"
        ),
    ),
    Check(
        slug="negative_arr",
        kind="contradictory",
        severity="high",
        title="Negative ARR",
        sentence="A contract states an ARR below zero.",
        mender="leader",
        how="Correct the amount; a credit is no contract.",
        place="account-contracts",
        sql=(
            "SELECT account_id, min('contract ' || key || ': ' || arr || ' ' || currency) AS detail "
            "FROM ledger_contract WHERE arr < 0 GROUP BY account_id"
        ),
    ),
    Check(
        slug="contracts_overlap",
        kind="contradictory",
        severity="medium",
        title="Contracts overlap",
        sentence="Two contracts over the same product hold at the same time, so that its ARR counts twice.",
        mender="leader",
        how="End the older one, or name the products apart.",
        place="account-contracts",
        sql=_OVERLAP,
    ),
    Check(
        slug="renewal_told_twice",
        kind="contradictory",
        severity="high",
        title="Renewal told twice",
        sentence="A source tells a contract that may be the renewal which somebody entered by hand; both count.",
        mender="leader",
        how="Say beside the renewal whether it is the same or another.",
        place="account-contracts",
        sql=_TOLD_TWICE,
    ),
    Check(
        slug="use_without_seats",
        kind="contradictory",
        severity="medium",
        title="No seats, yet used",
        sentence=f"The active contracts allow 0 seats, and the product was used in the last {RECENT_DAYS} days.",
        mender="leader",
        how="State how many seats the contract has.",
        place="account-contracts",
        sql=(
            "SELECT c.account_id, 'contract ' || min(c.key) AS detail FROM ledger_contract c "  # noqa: S608 - our own numbers
            "WHERE c.start_date <= %(at)s::date AND (c.end_date IS NULL OR c.end_date > %(at)s::date) "
            "AND EXISTS (SELECT 1 FROM intake_accountuse u WHERE u.account_id = c.account_id "
            f"AND u.last_at > %(at)s::timestamptz - interval '{RECENT_DAYS} days') "
            "GROUP BY c.account_id HAVING max(c.seats) = 0"
        ),
    ),
    Check(
        slug="left_and_uses",
        kind="contradictory",
        severity="high",
        title="Left, yet uses it",
        sentence="The customer counts as former, and the product was used after it left.",
        mender="leader",
        how="Enter the contract that is missing here, or see why access was not ended.",
        place="new-contract",
        sql=_LEFT_AND_USES,
    ),
    Check(
        slug="resolved_before_opened",
        kind="contradictory",
        severity="low",
        title="Ticket resolved before it was opened",
        sentence="The resolution of a ticket is earlier than its opening.",
        mender="data",
        how="Import the ticket again with the right moments; look at the time zone of the export.",
        place="import-tickets",
        sql=(
            "SELECT account_id, 'ticket ' || min(key) || CASE WHEN count(*) > 1 "
            "THEN ' and ' || (count(*) - 1) || ' more' ELSE '' END AS detail "
            "FROM ledger_ticket WHERE resolved_at < opened_at GROUP BY account_id"
        ),
    ),
    Check(
        slug="same_email",
        kind="contradictory",
        severity="low",
        title="Two people, one address",
        sentence="Two people of this account have the same e-mail address: most likely one person known twice.",
        mender="owner",
        how="Merge them, or correct the address.",
        place="account-people",
        sql=(
            "SELECT account_id, min(email) AS detail FROM ("
            "SELECT s.account_id, lower(p.email) AS email FROM ledger_stakeholder s "
            "JOIN ledger_person p ON p.id = s.person_id WHERE p.email <> '' "
            "GROUP BY 1, 2 HAVING count(*) > 1) twice GROUP BY account_id"
        ),
    ),
    Check(
        slug="foreign_domain",
        kind="contradictory",
        severity="low",
        title="Address of another account",
        sentence="Somebody here has an e-mail domain that otherwise only people of one other account have.",
        mender="owner",
        how="See whether the person belongs to the other account.",
        place="account-people",
        sql=_FOREIGN,
    ),
    Check(
        slug="same_name",
        kind="contradictory",
        severity="medium",
        title="Two accounts, one name",
        sentence="Another present customer has the same name: most likely one account known twice.",
        mender="leader",
        how="Merge them, or tell them apart by name.",
        place="edit-account",
        sql=(
            "SELECT a.id AS account_id, 'as ' || min(b.key) AS detail FROM ledger_account a "
            "JOIN ledger_account b ON lower(b.name) = lower(a.name) AND b.id <> a.id "
            "WHERE a.name <> '' AND NOT a.former AND NOT b.former GROUP BY a.id"
        ),
    ),
)
