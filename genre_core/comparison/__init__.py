"""Comparison of runs on their common test films.

`compare` computes comparisons, `kept` caches them on disk, `rivals` selects the runs that a page
compares, `recipes` groups runs by recipe, `oracle` adds the better of two runs for each film.
"""
