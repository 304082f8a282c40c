"""Public datasets: where they are to be had, downloaded with resume, unpacked within bounds."""
