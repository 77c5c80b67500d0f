"""Run every benchmark and print its lines; ratios are of CPU seconds of the same run, wall times stand beside them."""

from benchmarks import ingest, numbers

if __name__ == "__main__":
    for part in (ingest, numbers):
        for line in part.measure():
            print(line, flush=True)
