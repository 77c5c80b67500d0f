"""The next best hour: one ranked list from everything that waits."""
