"""Writes to the registers, one file a noun."""
