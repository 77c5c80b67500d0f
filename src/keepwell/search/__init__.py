"""Finding anything by a few letters of its name: one index of what the stages let people search for."""
