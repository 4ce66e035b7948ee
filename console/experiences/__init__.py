"""Experiences (亲子烘焙 and other events) at the till: the day's sessions, who comes, who is here."""
