"""Connections without an event loop."""

from sqlalchemy import Engine, create_engine

from domain.storage.sqlite_engine import sqlite_engine


def plain_engine(url: str) -> Engine:
    """An engine without an event loop, for a look at the tables."""
    return sqlite_engine(url) if url.startswith("sqlite") else create_engine(url.replace("+aiomysql", "+pymysql"))
