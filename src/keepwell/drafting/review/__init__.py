"""The deck of a business review, from a brief that has nothing internal."""
