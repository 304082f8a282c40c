"""Benchmarks of Marquee: speed, coverage of intervals, and ablation."""
