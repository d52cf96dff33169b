"""The verbs of an evaluation, each a table made from a table: measure to explain."""
