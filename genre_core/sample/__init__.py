"""Synthetic films in the layout of the real ones, see `generate_sample`."""

from genre_core.sample.generate import N_FILMS, generate_sample

__all__ = ["N_FILMS", "generate_sample"]
