"""Speed and memory of the networks and the dashboard, see `make bench`."""
