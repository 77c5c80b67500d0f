"""Pure formulas of the metrics: lazy frames in, lazy frame out, on any engine that Narwhals speaks."""
