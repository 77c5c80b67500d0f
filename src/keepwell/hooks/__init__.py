"""The plug-in contract: hook specifications and typed registries."""
