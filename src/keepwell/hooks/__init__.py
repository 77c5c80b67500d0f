"""The plug-in contract: what stages and packages from elsewhere may add to Keepwell. Knows no Django."""
