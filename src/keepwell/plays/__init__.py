"""What we do: incidents and tasks."""
