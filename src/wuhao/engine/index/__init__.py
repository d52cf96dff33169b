"""Composite indices (综合指数): a chain of verbs, each Table → Table, in 40-digit decimals."""
