"""Intake (files in, checked rows out): templates, reader, checks, batches, acceptance."""
