"""Staff, their devices and their tasks: who works where and may do what, bound to a phone by a one-time code, every act on record;
tokens for the till, the print agent and the screen of one store; what a person must do.
"""
