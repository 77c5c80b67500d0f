"""All facts in open formats: nobody is locked in."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from keepwell.kernel import errors
from keepwell.kernel.figures import measured
from keepwell.ledger import lake, models

TABLES = (
    models.Account,
    models.Ownership,
    models.Person,
    models.Stakeholder,
    models.Contract,
    models.Ticket,
    models.SurveyAnswer,
    models.Sentiment,
    models.Touchpoint,
    models.Sprint,
    models.Milestone,
    models.AcceptanceCriterion,
    models.ChangeRequest,
    models.RiskEntry,
    models.Raci,
    models.Obligation,
    models.Integration,
    models.Course,
    models.CourseSession,
    models.Enrolment,
    models.ProductGap,
    models.GapRequest,
    models.Invoice,
    models.ExchangeRate,
    models.FieldDefinition,
    models.AccountDomain,
    models.ParentLink,
    models.Reorganisation,
    models.IdentityLink,
    models.PersonAlias,
    models.Placement,
    models.Retraction,
    models.OriginRetraction,
)


def everything(*, folder: Path) -> Iterator[str]:
    """Write one CSV a table and the lake's events as one Parquet file; tells what it wrote. One pass over each."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise errors.Invalid(
            'The folder "%(folder)s" is not empty. Name a new one, so that nothing is overwritten.',
            folder=folder,
        )
    for model in TABLES:
        table = model._meta.db_table
        path = folder / f"{table.removeprefix('ledger_')}.csv"
        with connection.cursor() as cursor, path.open("wb") as file:
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT csv, HEADER)') as copy:
                for block in copy:
                    file.write(block)
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our own table names
            yield f"{path.name}: {measured(cursor.fetchone()[0], 'rows')}"
    path = folder / "events.parquet"
    lake.scan().sink_parquet(path)
    yield f"{path.name}: {measured(lake.scan().select('id').collect().height, 'events')}"
