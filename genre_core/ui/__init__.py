"""Everything the pages are made of; with the pages the only importers of streamlit."""
