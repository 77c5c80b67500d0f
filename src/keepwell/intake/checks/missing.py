"""What should be known of a customer and is not."""

from keepwell.intake.checks.base import Check

_ACTIVE = "c.start_date <= %(at)s::date AND (c.end_date IS NULL OR c.end_date > %(at)s::date)"


def _without(condition: str) -> str:
    """Present customers for whom a condition does not hold."""
    return f"SELECT a.id AS account_id, ''::text AS detail FROM ledger_account a WHERE NOT a.former AND NOT {condition}"  # noqa: S608 - our own words


def _contracts_without(condition: str) -> str:
    """Customers with active contracts none of which meets a condition; the detail names one."""
    return (
        "SELECT c.account_id, 'contract ' || min(c.key) AS detail FROM ledger_contract c "  # noqa: S608 - our own words
        f"JOIN ledger_account a ON a.id = c.account_id AND NOT a.former WHERE {_ACTIVE} "
        f"GROUP BY c.account_id HAVING NOT bool_or({condition})"
    )


CHECKS = (
    Check(
        slug="no_usage",
        kind="missing",
        severity="high",
        title="No use is known",
        sentence="No source ever told of this account's use of the product.",
        mender="data",
        how="Send the product's events with this account's key as group, or import a file of events.",
        place="sources",
        sql=_without("EXISTS (SELECT 1 FROM intake_accountuse u WHERE u.account_id = a.id)"),
    ),
    Check(
        slug="use_without_people",
        kind="missing",
        severity="medium",
        title="Use names no people",
        sentence="The product's events never say who used it, so that active people and seats in use are unknown.",
        mender="data",
        how="Send a userId with each event.",
        place="sources",
        sql=(
            "SELECT u.account_id, ''::text AS detail FROM intake_accountuse u "
            "JOIN ledger_account a ON a.id = u.account_id AND NOT a.former "
            "GROUP BY u.account_id HAVING NOT bool_or(u.names_people)"
        ),
    ),
    Check(
        slug="no_people",
        kind="missing",
        severity="medium",
        title="Nobody is named",
        sentence="No person of this customer is known: no champion, no sponsor, nobody to call.",
        mender="owner",
        how="Name the people who decide and who use it, or import them.",
        place="new-person",
        sql=_without("EXISTS (SELECT 1 FROM ledger_stakeholder s WHERE s.account_id = a.id)"),
    ),
    Check(
        slug="no_contract",
        kind="missing",
        severity="high",
        title="No contract",
        sentence="No contract is known, hence no ARR, no seats and no renewal.",
        mender="leader",
        how="Enter the contract, or import a file of contracts.",
        place="new-contract",
        sql=_without("EXISTS (SELECT 1 FROM ledger_contract c WHERE c.account_id = a.id)"),
    ),
    Check(
        slug="no_arr",
        kind="missing",
        severity="medium",
        title="No ARR",
        sentence="There is an active contract, and none of the active ones states an ARR.",
        mender="leader",
        how="State the ARR of the contract, or import the contracts with it.",
        place="account-contracts",
        sql=_contracts_without("c.arr IS NOT NULL"),
    ),
    Check(
        slug="no_seats",
        kind="missing",
        severity="low",
        title="No seats",
        sentence="No active contract says how many seats were bought, so that use cannot be held against them.",
        mender="leader",
        how="State the seats of the contract, or import the contracts with them.",
        place="account-contracts",
        sql=_contracts_without("c.seats IS NOT NULL"),
    ),
    Check(
        slug="no_renewal_date",
        kind="missing",
        severity="medium",
        title="No renewal date",
        sentence="No active contract has an end, so that no renewal is seen coming.",
        mender="leader",
        how="State the end of the contract, or import the contracts with it.",
        place="account-contracts",
        sql=_contracts_without("c.end_date IS NOT NULL"),
    ),
    Check(
        slug="no_owner",
        kind="missing",
        severity="high",
        title="No owner",
        sentence="Nobody on our side looks after this account.",
        mender="leader",
        how="Assign somebody.",
        place="edit-account",
        sql=_without(
            "EXISTS (SELECT 1 FROM ledger_ownership o WHERE o.account_id = a.id AND o.until IS NULL)"
        ),
    ),
    Check(
        slug="never_spoke",
        kind="missing",
        severity="medium",
        title="Never spoke",
        sentence="No call, meeting, e-mail or visit with this customer is known.",
        mender="owner",
        how="Record the last conversation, or import the touchpoints.",
        place="new-touchpoint",
        sql=_without("a.last_touch_at IS NOT NULL"),
    ),
    Check(
        slug="never_asked",
        kind="missing",
        severity="low",
        title="No survey answer",
        sentence="Nobody of this customer ever answered a survey.",
        mender="owner",
        how="Ask them, or import the answers.",
        place="import-surveys",
        sql=_without("EXISTS (SELECT 1 FROM ledger_surveyanswer s WHERE s.account_id = a.id)"),
    ),
)
