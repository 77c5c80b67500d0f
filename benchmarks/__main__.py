"""Run every benchmark and print its lines; ratios are of CPU seconds of one run, wall times stand beside them."""

from benchmarks import freshness, ingest, lake, numbers

if __name__ == "__main__":
    for part in (ingest, freshness, lake, numbers):
        for line in part.measure():
            print(line, flush=True)
