"""Each figure of docs/performance.md, beside its peer, in one run: `make bench`."""
