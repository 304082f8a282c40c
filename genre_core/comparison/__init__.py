"""Runs compared on the films that all of them have in their test split.

`compare` makes a comparison, `kept` keeps it on disk, `rivals` says which runs a page compares,
`recipes` which runs are seeds of one recipe, `oracle` what the better of two runs would reach.
"""
