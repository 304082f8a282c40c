"""Synthetic films in the layout of the real ones, see `generate_sample`."""

from genre_core.sample.generate import generate_sample

__all__ = ["generate_sample"]
