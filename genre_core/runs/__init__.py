"""Runs on disk and what is kept beside them: notes, thresholds."""
