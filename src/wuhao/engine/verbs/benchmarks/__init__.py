"""Benchmarks beside totals, means and fixed numbers: by order, and by a target of one's own."""
