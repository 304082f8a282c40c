"""What stands around every page: navigation, sidebar, retraining, the training under way."""
