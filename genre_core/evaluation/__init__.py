"""How good scores are: metrics, decisions, and intervals of differences. NumPy in, NumPy out.

`decisions` turns scores into decisions, `fitting` finds thresholds, `metrics` holds the table of
metrics and evaluates one run, `decided` does so fast for decisions alone. `bootstrap` compares runs
on the same films by what `intervals` makes of resampled values; `permutation` checks it. `oracle`,
`confusions`, `audit`, `reliability` and `calibration` look at where figures come from. `checks`,
`formulas`, `totals` and `folds` serve these.
"""
