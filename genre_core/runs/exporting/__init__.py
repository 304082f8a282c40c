"""Runs as files for other programs: tables, archives, TensorBoard and MLflow."""
