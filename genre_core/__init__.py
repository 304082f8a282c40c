"""Marquee: what a poster network and an overview network learned about film genres."""

__version__ = "0.1.0"
