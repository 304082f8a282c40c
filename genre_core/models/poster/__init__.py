"""Models of the poster."""
