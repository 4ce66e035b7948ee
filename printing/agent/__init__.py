"""The print agent: fetches tickets, prints them, tells what became of them. Runs in the store, or inside the server."""

from printing.agent.http import HttpJobSource
from printing.agent.inside import DatabaseJobSource
from printing.agent.loop import PrintAgent
from printing.agent.source import JobSource, SourceUnavailableError

__all__ = ["DatabaseJobSource", "HttpJobSource", "JobSource", "PrintAgent", "SourceUnavailableError"]
