"""Models of the overview."""
