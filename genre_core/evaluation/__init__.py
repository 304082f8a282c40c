"""Evaluation: metrics, decisions, and comparisons of runs. NumPy in, NumPy out.

`decisions` turns scores into decisions, `fitting` finds thresholds, `metrics` defines the table of
metrics and evaluates one run, `decided` is a fast version for decisions alone. `paired` and
`recipes` compare runs and recipes, with intervals and p-values from `bootstrap`, `swaps` and
`intervals` and verdicts from `verdicts`. `oracle`, `agreement`, `confusions`, `audit`,
`reliability` and `calibration` analyse errors. `checks`, `formulas`, `totals` and `folds` are
shared helpers.
"""
