"""Scores of finished runs for films of other folders."""
