"""What `make bench` measures: the networks and the dashboard."""
