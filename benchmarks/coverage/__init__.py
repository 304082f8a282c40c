"""False verdicts, power and coverage in simulations with known truth."""
