"""What runs without anybody asking: each job is one call into an action; the rows are the queue, a job only nudges."""
