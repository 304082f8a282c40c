"""Marquee: what a poster network and an overview network learned about film genres."""
