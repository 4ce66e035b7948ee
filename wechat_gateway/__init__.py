"""The only code that knows WeChat: pushes in, replies and calls out, and the pages a diner opens from chat."""
