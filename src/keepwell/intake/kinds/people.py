"""People on the customer's side and what they are to their account."""

from keepwell.intake import parsers
from keepwell.intake.kinds.base import Field, ImportKind, account_field, key_field, person_field
from keepwell.intake.kinds.stores import Store
from keepwell.ledger import models
from keepwell.ledger.actions import people, removals
from keepwell.ledger.queries import records

PEOPLE = ImportKind(
    "people",
    "People",
    "One row a person, or one a person and account.",
    (
        key_field(
            "user_id", "person_id", "contact_id", help="Your id of the person, the userId of tracking calls."
        ),
        Field("name", "Name", "The full name.", aliases=("full_name", "person_name"), empty="", longest=300),
        Field(
            "email",
            "E-mail",
            "The address.",
            parsers.email,
            aliases=("e_mail", "email_address"),
            empty="",
            longest=254,
        ),
        account_field(required=False),
        Field(
            "roles",
            "Roles",
            "Executive, product owner, end user, IT, procurement …; several between commas.",
            parsers.tags,
            aliases=("role", "buying_role", "persona"),
            empty=[],
            former="role",
        ),
        Field(
            "title",
            "Title",
            "What stands on the card.",
            aliases=("job_title", "position"),
            empty="",
            longest=200,
        ),
        Field(
            "stance",
            "Stance",
            "Champion, supporter, neutral, sceptic or blocker.",
            parsers.one_of("champion", "supporter", "neutral", "sceptic", "blocker"),
            empty="",
        ),
        Field(
            "influence",
            "Influence",
            "How much they weigh in a decision, from 1 to 5.",
            parsers.Within(1, 5),
            empty=None,
        ),
        person_field(
            "Key of the person they report to, in the same account.",
            slug="reports_to",
            title="Reports to",
            aliases=("reports_to", "manager", "manager_id", "boss"),
        ),
        Field("status", "Status", "Active, on leave or left.", parsers.one_of("active", "on_leave", "left")),
        Field(
            "status_since",
            "Status since",
            "The first day of that status, as of leaving; today when left out.",
            parsers.day,
            aliases=("left_on", "status_date"),
            cleared=None,
        ),
    ),
    store=Store(
        models.Person,
        people.upsert,
        ("key", "name", "email"),
        records.read_people,
        removals.remove_people,
    ),
    one="person",
    events=(
        "person.joined",
        "person.left",
        "person.on_leave",
        "person.returned",
        "person.removed",
        "stance.changed",
        "role.changed",
        "influence.changed",
        "title.changed",
        "line.changed",
    ),
    tab="people",
)
