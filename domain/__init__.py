"""The restaurant's rules and records. Knows no HTTP, no chat and no paper."""
