"""Measurements of Marquee itself: speed, coverage of its intervals, and the ablation."""
