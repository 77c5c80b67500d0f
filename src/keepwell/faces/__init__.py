"""Web, API, command line, jobs: read by queries, write by actions."""
