"""Figures from values: no disk, no streamlit."""
