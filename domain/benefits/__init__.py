"""Benefits (权益): what a level or a plan entitles a diner to, with source and end."""
