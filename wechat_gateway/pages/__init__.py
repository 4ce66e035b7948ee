"""The small pages a diner opens from chat: the bill, a dish. Plain HTML, no scripts."""
