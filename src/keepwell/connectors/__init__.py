"""One folder per outside system; no edit anywhere else to add one."""
