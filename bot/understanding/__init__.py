"""From a diner's words to commands."""
