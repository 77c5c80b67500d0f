"""Run in fight-churn's own environment: make its tables, or run its listing 3.3 for each of its eight events."""

import sys

from fightchurn import run_churn_listing
from fightchurn.churnsim import churndb

SCHEMA = "socialnet7"

if __name__ == "__main__":
    deed, socket, database, user, folder = sys.argv[1:]
    run_churn_listing.set_churn_environment(database, user, "", folder, host=socket)
    if deed == "tables":
        churndb.drop_schema(SCHEMA)
        churndb.setup_churn_db(SCHEMA)
    else:
        run_churn_listing.run_listing(chapter=3, listing=3, version=list(range(1, 9)), schema=SCHEMA)
