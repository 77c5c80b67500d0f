"""What each page says, as frozen objects: made from rows of the stages, read by templates."""
