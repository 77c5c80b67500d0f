"""Practice packs: load and apply folders of TOML."""
