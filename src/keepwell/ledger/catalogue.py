"""The names of business events. Any other name is behaviour tracked in the customer's use of the product."""

FACTS: dict[str, str] = {
    "account.created": "An account became known; at its `since` day if that was given.",
    "account.churned": "An account left.",
    "account.changed": "What is said of an account changed; feature is which attribute, props from what to what.",
    "contract.signed": "A contract began; value is its ARR, props its terms.",
    "contract.changed": "A contract's terms changed; value is its ARR, props its terms from now on.",
    "ticket.opened": "A ticket was opened; feature is its kind, props its key and severity.",
    "ticket.escalated": "A ticket was escalated.",
    "ticket.resolved": "A ticket was resolved; value is the hours since it was opened.",
    "survey.answered": "A survey was answered; feature is nps, csat or ces, value the score.",
    "sentiment.given": "Somebody of ours said how the account feels; value is 1 to 5, props the words and by whom.",
    "touchpoint.held": "We and the customer spoke; feature is the kind, value the minutes.",
    "touchpoint.attended": "A person of the customer's was there; feature is the kind.",
    "touchpoint.declined": "The customer, or one person of theirs, declined an invitation; feature is the kind.",
    "review.held": "A business review took place; value is 1 when an executive of the customer attended, else 0.",
    "note.written": "A colleague wrote a note; feature is internal or shared, props the text and by whom.",
    "file.added": "A file or a link was added to an account; feature is internal or shared, value its bytes, props its name.",
    "sprint.started": "A sprint began; value is the points planned.",
    "sprint.ended": "A sprint ended; value is the points done.",
    "milestone.planned": "A milestone was promised; feature is its phase, props the day it was first due.",
    "milestone.moved": "A milestone's due day was moved; value is by how many days.",
    "milestone.done": "A milestone was done; value is the days after its due day, negative when before.",
    "criterion.agreed": "An acceptance criterion was agreed with the customer.",
    "criterion.confirmed": "An acceptance criterion was confirmed with the customer.",
    "change.requested": "The customer asked for a change; value is the hours it takes.",
    "change.decided": "A change was accepted, rejected or deferred; feature is which, value the hours.",
    "risk.raised": "A risk was logged; value is likelihood times impact, 1 to 25.",
    "risk.closed": "A risk was closed; value is likelihood times impact.",
    "raci.assigned": "Somebody was given a part in an activity; feature is the part, props the activity and any colleague.",
    "raci.ended": "A part in an activity ended; feature is the part.",
    "obligation.evidenced": "An obligation was evidenced; feature is its kind.",
    "integration.changed": "An integration was planned, connected or failing from then on; feature is which.",
    "course.offered": "A course was offered from then on, to no one account; feature is the course, value its minutes.",
    "course.held": "A session of a course took place, or is to, for no one account; feature is the course, value the minutes.",
    "course.enrolled": "A person was enrolled in a course; feature is the course.",
    "course.started": "A person began a course; feature is the course.",
    "course.completed": "A person completed a course; feature is the course, value the score.",
    "gap.changed": "A product gap was open, planned, shipped, declined or merged from then on, for no one account; "
    "feature is the gap, props its status.",
    "gap.requested": "The customer asked for what the product lacks; feature is the gap.",
    "gap.told": "The customer was told that what they asked for is there; feature is the gap.",
    "invoice.issued": "An invoice was issued; value is its amount, props its currency and due day.",
    "invoice.paid": "An invoice was paid; value is its amount.",
    "plan.confirmed": "The success plan was confirmed or refreshed with the customer.",
    "identity.linked": "A raw key began or ceased to count for an account; feature is the account's number. Or a person's did.",
    "account.merged": "Another account became one with this one; feature is the other's key.",
    "account.split": "Part of this account became one of its own; feature is the new one's key.",
    "person.joined": "A person began to belong to the account.",
    "person.left": "A person left the account.",
    "person.on_leave": "A person went on leave.",
    "person.returned": "A person came back from leave.",
    "person.removed": "A person was taken off the account: they do not belong to it; props say what they were.",
    "stance.changed": "How a person stands to us changed; feature is the new stance.",
    "role.changed": "What a person is to the account changed; feature is the roles from now on.",
    "influence.changed": "How much a person weighs in decisions changed; value is 1 to 5 from now on, none when not known.",
    "title.changed": "What stands on a person's card changed; props say from what to what.",
    "line.changed": "Whom a person reports to changed; props say from whom to whom, by key.",
    "event.retracted": "A source took an event back; feature is the id of that event, value when it had happened, in seconds "
    "since 1970, if no day before is concerned.",
    "health.band_changed": "An account's health moved to another band; value is the points, props say from where to where.",
    "health.overridden": "Somebody set where an account stands; feature is the band, value the points, props until when.",
    "health.override_ended": "An account stands again where its score puts it; feature is the band that was set.",
    "phase.overridden": "Somebody said in which phase an account is; feature is the phase, props the reason.",
    "phase.override_ended": "What somebody said of an account's phase holds no more; feature is the phase.",
    "incident.opened": "An incident was opened.",
    "incident.closed": "An incident was closed with a cause and a plan.",
    "task.set": "Somebody set a task for the account by hand; props say which.",
    "task.done": "A task was done; props say which.",
    "task.reopened": "A task that had been done is open again; props say which.",
}

# In which senses accounts belong together.
HIERARCHIES = {"legal": "Legal", "commercial": "Commercial", "site": "Sites"}

# These change what earlier events mean, so the whole past of their account is concerned.
REWRITES_PAST = ("account.created", "contract.signed", "contract.changed", "identity.linked")


def kind_of(name: str) -> str:
    """ "fact" for a catalogued business event, "usage" for anything else."""
    return "fact" if name in FACTS else "usage"
