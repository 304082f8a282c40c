"""Runs from elsewhere: what other programs wrote becomes a run."""
