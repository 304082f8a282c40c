"""Files to take away: figures and tables with their sources, in one ZIP."""
