"""Run every benchmark and print its lines; ratios are of CPU seconds of one run, wall times stand beside them."""

from benchmarks import freshness, health, ingest, lake, numbers, one_fact, peer_counts

if __name__ == "__main__":
    for part in (ingest, freshness, lake, numbers, health, peer_counts, one_fact):
        for line in part.measure():
            print(line, flush=True)
