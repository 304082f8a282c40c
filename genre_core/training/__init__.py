"""Training: from a dataset and a catalogue entry to a finished run."""
