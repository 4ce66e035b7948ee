"""Staff and their machines: the JSON API of devices in the store."""
