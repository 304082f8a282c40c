"""Films: readers, posters, splits, the generated sample, and the store that keeps them."""
