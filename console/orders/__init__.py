"""Orders at the till and in the kitchen, as far as the floor needs them: what is under way, and how far it is."""
