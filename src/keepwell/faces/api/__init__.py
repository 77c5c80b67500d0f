"""What programs speak to: Segment's tracking calls under /v1, the REST API under /api/v1."""
