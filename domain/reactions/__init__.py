"""Whenever X, then Y: what one slice does because of another. Handlers only, one file for each trigger."""
