"""Settings, URLs, process supervision: the only package that knows everything."""
