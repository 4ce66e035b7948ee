"""Which intents and flows a feature owns, and what they call in domain. Skills do not know each other."""
