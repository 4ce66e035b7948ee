"""Stores, their tables and their printers, as the shop file names them; and the short numbers a store counts by the day."""
