"""Text to values, deterministic and without I/O: quantities and dishes."""
