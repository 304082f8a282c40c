"""Plotly figures from values, without access to disk or streamlit."""
