"""The conversation: commands in, one pure reducer, prompts and effects out."""
