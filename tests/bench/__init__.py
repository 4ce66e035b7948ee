"""Measurements, not tests: `make bench` runs them and nothing here fails because a machine is slow."""
