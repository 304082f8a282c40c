"""Why a run gives a film its scores: which words and which parts of the poster count."""
