"""Official documents (公文) laid out to GB/T 9704-2012, with figures in bound content controls."""
