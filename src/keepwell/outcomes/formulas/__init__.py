"""How plans are judged, compared and redacted. Pure."""
