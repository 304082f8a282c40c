"""The pages, one file each: `dashboard.py` puts the navigation and the sidebar around them."""
