"""What a diner is told when something happened: event in, `messages.request` out. One file for each feature."""
