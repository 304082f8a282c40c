"""Training processes and the lock that allows one at a time per artifacts folder."""
