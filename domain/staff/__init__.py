"""Staff, their devices and their tasks: tokens for the till, the print agent and the screen of one store; what a person must do."""
