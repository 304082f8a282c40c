"""Runs on disk, and the notes and thresholds that are stored beside them."""
