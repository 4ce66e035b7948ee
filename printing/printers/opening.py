"""From a printer's address to something that prints."""

from pathlib import Path

from printing.printers.connection import FileAddress, parse_connection
from printing.printers.file import FilePrinter
from printing.printers.network import NetworkPrinter, Timing
from printing.printers.outcome import Printer


def open_printer(connection: str, *, prints_dir: Path, timing: Timing | None = None) -> Printer:
    """The printer at an address of the shop file. Nothing is connected yet.

    Raises:
        UnsupportedConnectionError: See `parse_connection`.
    """
    address = parse_connection(connection, prints_dir=prints_dir)
    if isinstance(address, FileAddress):
        return FilePrinter(address.path)
    return NetworkPrinter(address, timing=timing)
