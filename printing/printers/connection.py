"""Printer addresses of the shop file: tcp://host:port, file:name."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_PORT = 9100  # raw printing, by custom of the trade


class UnsupportedConnectionError(ValueError):
    """The connection is written wrongly, or is of a kind that this version cannot print to."""


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A printer on the store's network."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A file that takes the bytes instead of a printer."""

    path: Path


def parse_connection(connection: str, *, prints_dir: Path) -> TcpAddress | FileAddress:
    """Read a printer's address.

    Args:
        connection: `tcp://host` (port 9100), `tcp://host:port`, or `file:name` for a file in `prints_dir`.
        prints_dir: The only folder that file printers may write to.

    Raises:
        UnsupportedConnectionError: Anything else, serial: and usb: among them; says what is wrong.
    """
    scheme, _, rest = connection.partition(":")
    if scheme == "tcp":
        return _tcp(connection)
    if scheme == "file":
        return _file(rest, prints_dir)
    raise UnsupportedConnectionError(f"{connection!r}: only tcp://host:port and file:name are supported")


def _tcp(connection: str) -> TcpAddress:
    try:
        parts = urlsplit(connection)
        port = DEFAULT_PORT if parts.port is None else parts.port
    except ValueError as error:
        raise UnsupportedConnectionError(f"{connection!r}: {error}") from error
    if not parts.hostname or parts.username is not None or parts.path not in {"", "/"} or parts.query or parts.fragment or not port:
        raise UnsupportedConnectionError(f"{connection!r}: write tcp://host:port")
    return TcpAddress(parts.hostname, port)


def _file(name: str, prints_dir: Path) -> FileAddress:
    folder = prints_dir.resolve()
    try:
        path = (folder / name).resolve()
    except (OSError, ValueError) as error:
        raise UnsupportedConnectionError(f"file:{name!r}: {error}") from error
    if not name or path == folder or not path.is_relative_to(folder):
        raise UnsupportedConnectionError(f"file:{name!r}: must name a file inside {prints_dir.name}/")
    return FileAddress(path)
