"""Scoring the films of other folders with finished runs."""
