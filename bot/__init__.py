"""Turns one message into commands, and commands into one reply. Knows no WeChat."""
