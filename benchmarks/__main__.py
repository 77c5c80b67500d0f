"""Run every benchmark, or those that are named, and print its lines; ratios are of CPU seconds of one run.

Wall times stand beside them. `python -m benchmarks lake health` runs these two.
"""

import sys

from benchmarks import (
    account_page,
    accounts_list,
    alarm,
    decks,
    finding,
    freshness,
    health,
    ingest,
    lake,
    lighthouse,
    numbers,
    one_day,
    one_fact,
    pages,
    peer_counts,
    signals,
)

PARTS = {
    part.__name__.partition(".")[2]: part
    for part in (
        ingest,
        freshness,
        alarm,
        lake,
        numbers,
        health,
        peer_counts,
        one_fact,
        signals,
        one_day,
        account_page,
        accounts_list,
        pages,
        finding,
        decks,
        lighthouse,
    )
}

if __name__ == "__main__":
    asked = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in asked if name not in PARTS]:
        sys.exit(f"There is no benchmark {', '.join(unknown)}. There are {', '.join(PARTS)}.")
    for name in asked:
        for line in PARTS[name].measure():
            print(line, flush=True)
