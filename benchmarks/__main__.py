"""Run every benchmark and print its lines; ratios are of CPU seconds of one run, wall times stand beside them."""

from benchmarks import ingest

if __name__ == "__main__":
    for line in ingest.measure():
        print(line, flush=True)
