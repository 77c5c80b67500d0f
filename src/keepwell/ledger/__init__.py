"""Facts as they happened: current state in PostgreSQL, events in the lake."""
