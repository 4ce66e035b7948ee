"""Run by Alembic for each command. domain/storage/migrating.py opened the connection and chose the options."""

from alembic import context

context.configure(**context.config.attributes["options"])
with context.begin_transaction():
    context.run_migrations()
