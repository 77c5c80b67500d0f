"""Columns find their fields by themselves, and a wrong mapping is refused with what to do."""

import pytest

from keepwell.intake import mapping
from keepwell.intake.kinds import KINDS
from keepwell.kernel import errors


@pytest.mark.parametrize(
    ("kind", "header", "expected"),
    [
        (
            "accounts",
            "account_id,account_name,industry,country,signup_date,referral_source,plan_tier,seats,is_trial,churn_flag",
            {
                "key": "account_id",
                "name": "account_name",
                "industry": "industry",
                "country": "country",
                "since": "signup_date",
                "tier": "plan_tier",
            },
        ),
        (
            "contracts",
            "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,"
            "upgrade_flag,downgrade_flag,churn_flag,billing_frequency,auto_renew_flag",
            {
                "key": "subscription_id",
                "account": "account_id",
                "start_date": "start_date",
                "end_date": "end_date",
                "product": "plan_tier",
                "seats": "seats",
                "arr": "arr_amount",
                "auto_renew": "auto_renew_flag",
            },
        ),
        (
            "tickets",
            "ticket_id,account_id,submitted_at,closed_at,resolution_time_hours,priority,"
            "first_response_time_minutes,satisfaction_score,escalation_flag",
            {
                "key": "ticket_id",
                "account": "account_id",
                "opened_at": "submitted_at",
                "resolved_at": "closed_at",
                "severity": "priority",
                "escalated": "escalation_flag",
            },
        ),
        (
            "events",
            "usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,error_count",
            {
                "id": "usage_id",
                "contract": "subscription_id",
                "at": "usage_date",
                "name": "feature_name",
                "value": "usage_count",
            },
        ),
        (
            "events",
            "churn_event_id,account_id,churn_date,reason_code,refund_amount_usd,feedback_text",
            {"id": "churn_event_id", "account": "account_id", "at": "churn_date"},
        ),
        (
            "events",
            "account_id,user_id,account_type,date,module,action,n_files",
            {
                "account": "account_id",
                "person": "user_id",
                "at": "date",
                "feature": "module",
                "name": "action",
            },
        ),
        (
            "events",
            "event,feature_name,timestamp,Group ID",
            {"name": "event", "feature": "feature_name", "at": "timestamp", "account": "Group ID"},
        ),
        (
            "people",
            "Contact ID,Full Name,jobTitle,E-mail",
            {"key": "Contact ID", "name": "Full Name", "title": "jobTitle", "email": "E-mail"},
        ),
        (
            "accounts",
            "Account ID,Company name,Signed up,ARR (USD),Renewal date",
            {
                "key": "Account ID",
                "name": "Company name",
                "since": "Signed up",
                "arr": "ARR (USD)",
                "renewal_date": "Renewal date",
            },
        ),
        ("accounts", "account,industry", {"key": "account", "industry": "industry"}),
        ("accounts", "account_id,account", {"key": "account_id", "name": "account"}),
    ],
)
def test_known_headers_map_by_themselves(kind: str, header: str, expected: dict[str, str]):
    assert mapping.suggest(KINDS[kind], header.split(",")) == expected


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_field_maps_to_its_own_slug_and_each_of_its_aliases(kind):
    slugs = [field.slug for field in kind.fields]
    assert mapping.suggest(kind, slugs) == {slug: slug for slug in slugs}
    for field in kind.fields:
        assert field.help
        assert field.title
        for alias in field.aliases:
            assert alias == mapping.plain(alias)
            assert alias in mapping.suggest(kind, [alias]).values()


@pytest.mark.parametrize(
    ("chosen", "constants", "reason"),
    [
        (
            {"key": "id", "colour": "name"},
            {},
            'Accounts have no field "colour". Use one of: key, name, industry,',
        ),
        ({"key": "code"}, {}, 'accounts.csv has no column "code". It has: id, name, since.'),
        ({"key": "id", "name": "id"}, {}, 'Column "id" is mapped to two fields. Map it to one.'),
        (
            {"name": "name"},
            {},
            "accounts.csv: no column is mapped to Key. Map one of: id, name, since; "
            "or set a value for all rows.",
        ),
        (
            {"key": "id", "since": "since"},
            {"since": "2026-01-01"},
            'Customer since comes from column "since" and cannot be set for all rows too.',
        ),
        (
            {"key": "id"},
            {"name": "Bi\x00rch"},
            "Name for all rows holds the character NUL, which no text may hold.",
        ),
        (
            {"key": "id"},
            {"since": "1/1/26"},
            'Customer since for all rows: "1/1/26" is no date. Use YYYY-MM-DD.',
        ),
    ],
)
def test_a_wrong_mapping_is_refused(chosen: dict[str, str], constants: dict[str, str], reason: str):
    with pytest.raises(errors.Invalid) as refusal:
        mapping.check(
            KINDS["accounts"],
            ["id", "name", "since"],
            mapping=chosen,
            constants=constants,
            file_name="accounts.csv",
        )
    assert str(refusal.value).startswith(reason)


def test_events_need_an_account_a_contract_or_a_person():
    with pytest.raises(errors.Invalid) as refusal:
        mapping.check(
            KINDS["events"],
            ["what", "when"],
            mapping={"name": "what", "at": "when"},
            constants={},
            file_name="log.csv",
        )
    assert str(refusal.value) == "log.csv: map a column to at least one of account, contract, person."


def test_a_mapping_of_an_earlier_version_still_names_its_fields() -> None:
    assert KINDS["people"].field("role").slug == "roles"
    with pytest.raises(errors.Invalid, match='no field ""'):
        KINDS["people"].field("")
