"""Tables of checkout."""
