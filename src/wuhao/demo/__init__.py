"""The demo: made-up enterprises and the workbooks that offices would send of them."""
