"""Scores beside ratio and goalposts, and what stands in for a value that is absent."""
