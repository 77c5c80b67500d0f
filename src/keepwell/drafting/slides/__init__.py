"""A deck as native, editable PowerPoint: what it says, how long words are, and where everything stands."""
