"""What Wuhao costs, beside other ways to do the same: `python -m benchmarks`."""
