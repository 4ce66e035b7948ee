"""Staff and their devices: tokens with a scope for the till, the print agent and the screen of one store."""
