"""Trainings as processes of their own, one at a time for an artifacts folder."""
