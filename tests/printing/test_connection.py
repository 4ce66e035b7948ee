"""Printer addresses."""

from pathlib import Path

import pytest

from printing.printers.connection import FileAddress, TcpAddress, UnsupportedConnectionError, parse_connection
from printing.printers.opening import open_printer
from printing.printers.outcome import SENT


@pytest.mark.parametrize(
    ("connection", "address"),
    [
        ("tcp://192.168.1.50:9101", TcpAddress("192.168.1.50", 9101)),
        ("tcp://kitchen.local", TcpAddress("kitchen.local", 9100)),
        ("tcp://[fe80::1]:9100", TcpAddress("fe80::1", 9100)),
    ],
)
def test_network_address(connection: str, address: TcpAddress, tmp_path: Path) -> None:
    assert parse_connection(connection, prints_dir=tmp_path) == address


def test_file_stays_in_its_folder(tmp_path: Path) -> None:
    assert parse_connection("file:kitchen/hot.bin", prints_dir=tmp_path) == FileAddress(tmp_path.resolve() / "kitchen/hot.bin")


@pytest.mark.parametrize(
    "connection",
    [
        "file:",
        "file:.",
        "file:../secret",
        "file:/etc/passwd",
        "file:a/../../b",
        "file:a\x00b",
        "tcp://",
        "tcp://host:0",
        "tcp://host:99999",
        "tcp://user@host",
        "tcp://host/path",
        "serial:/dev/ttyUSB0",
        "usb:04b8:0e15",
        "http://host",
        "",
    ],
)
def test_other_addresses_are_refused_in_words(connection: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedConnectionError, match=r".+"):
        open_printer(connection, prints_dir=tmp_path)


def test_file_behind_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    prints = tmp_path / "prints"
    prints.mkdir()
    (prints / "out").symlink_to(tmp_path)

    with pytest.raises(UnsupportedConnectionError):
        parse_connection("file:out/secret", prints_dir=prints)


async def test_file_takes_tickets_one_after_the_other(tmp_path: Path) -> None:
    for data in (b"one", b"two"):
        link = await open_printer("file:kitchen/hot.bin", prints_dir=tmp_path).connect()
        assert await link.preflight() is None
        assert await link.send(data, lines=1) == SENT
        await link.close()

    assert (tmp_path / "kitchen/hot.bin").read_bytes() == b"onetwo"
