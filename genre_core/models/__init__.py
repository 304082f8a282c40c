"""The models, one file per model."""
