"""How good scores are: metrics, decisions, and intervals of differences. NumPy in, NumPy out.

`decisions` turns scores into decisions, `metrics` holds the table of metrics and evaluates one run,
`intervals` compares runs on the same films. `checks`, `formulas` and `totals` serve these three.
"""
