"""What stands on paper, one module per ticket kind. Pure: an event's plain data in, a Ticket out."""
