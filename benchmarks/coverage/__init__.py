"""False verdicts, power and coverage in simulated worlds with known truth."""
