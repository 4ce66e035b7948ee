"""A MariaDB and a Redis of our own: free ports on 127.0.0.1, data in a temporary folder, gone with the process that started them."""

import os
import random
import shlex
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import pymysql
import pymysql.cursors
import redis
from sqlalchemy.engine import URL, make_url

READY_S = 60.0
_PORTS = (15_000, 32_000)
_USER = "haowei"
_PASSWORD = "haowei-test"
_NOT_YET = (2003, 2006, 2013)  # refused, or cut off while it starts
_MARIADB_SETTINGS = (
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=16M",
    "--innodb-flush-log-at-trx-commit=2",
    "--key-buffer-size=1M",
    "--aria-pagecache-buffer-size=1M",
    "--performance-schema=OFF",
    "--max-connections=300",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--skip-slave-start",
)


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on, and that stays free while its program is killed and started again.

    The kernel gives port 0 out of its own range (from 32768 on), so one below it is never given to another test's server meanwhile.
    """
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(*_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def program(*names: str) -> str | None:
    """The first of these programs that this machine has; Debian keeps servers outside an ordinary PATH."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


class _Server:
    """A server process under a supervisor in a process group of their own.

    The supervisor kills the group when its standard input closes: no server outlives a test run, not even a run that
    was killed itself.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.home / "server.log"

    def _supervise(self, script: str) -> None:
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(
                ["/bin/sh", "-c", f"{{ {script}; }} </dev/null & cat >/dev/null; kill -9 0"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it as kill -9 does. Its files stay: `start` brings it back."""
        if self._supervisor is None:
            return
        os.killpg(self._supervisor.pid, signal.SIGKILL)
        assert self._supervisor.stdin is not None
        self._supervisor.stdin.close()
        self._supervisor.wait()
        self._supervisor = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to everything of it, as SIGSTOP for a server that hangs."""
        assert self._supervisor is not None
        os.killpg(self._supervisor.pid, number)


class MariaDb(_Server):
    """MariaDB with small caches and one account that may do everything."""

    @classmethod
    def available(cls) -> bool:
        """Whether this machine has what it takes."""
        return program("mariadbd", "mysqld") is not None and program("mariadb-install-db", "mysql_install_db") is not None

    @property
    def url(self) -> str:
        """The server; add the name of a database."""
        return f"mysql+aiomysql://{_USER}:{_PASSWORD}@127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start it, the first time with a new data folder. `wait_for_mariadb` says when it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        account = self.home / "account.sql"
        account.write_text(
            f"CREATE USER IF NOT EXISTS {_USER}@'127.0.0.1' IDENTIFIED BY '{_PASSWORD}';\n"  # one statement a line
            f"GRANT ALL ON *.* TO {_USER}@'127.0.0.1';\n"
        )
        data = self.home / "data"
        where = ["--no-defaults", f"--datadir={data}", *(["--user=root"] if os.geteuid() == 0 else [])]
        run = [
            *(program("mariadbd", "mysqld") or "", *where, *_MARIADB_SETTINGS),
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            f"--socket={self.home / 'mariadb.sock'}",
            f"--pid-file={self.home / 'mariadb.pid'}",
            f"--init-file={account}",
        ]
        setup = [
            *(program("mariadb-install-db", "mysql_install_db") or "", *where),
            "--innodb-log-file-size=16M",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]
        first = "" if data.exists() else f"{shlex.join(setup)} && "
        self._supervise(f"{first}exec {shlex.join(run)}")
        return self


class Redis(_Server):
    """Redis without persistence. Debian's redis-tools has the program under the name redis-check-rdb."""

    @classmethod
    def available(cls) -> bool:
        """Whether this machine has what it takes."""
        return program("redis-server", "redis-check-rdb") is not None

    @property
    def url(self) -> str:
        """The server; add the number of a database."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start it; it answers within a moment."""
        self.home.mkdir(parents=True, exist_ok=True)
        server = self.home / "redis-server"
        if not server.is_symlink():
            server.symlink_to(program("redis-server", "redis-check-rdb") or "")
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--databases", "64", "--save", "", "--appendonly", "no"]
        self._supervise(f"exec {shlex.join([str(server), *options])}")
        return self


def wait_until_listening(host: str, port: int, *, within_s: float = READY_S) -> None:
    """Wait until a TCP server takes connections.

    Raises:
        TimeoutError: It does not.
    """
    until = time.monotonic() + within_s
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError as error:
            if time.monotonic() > until:
                raise TimeoutError(f"nothing listens on {host}:{port} after {within_s} s") from error
            time.sleep(0.05)
        else:
            return


def connect(url: str | URL, *, within_s: float = READY_S) -> "pymysql.Connection[pymysql.cursors.Cursor]":
    """A plain connection to MariaDB, for what the tests themselves do to it. Waits until the server answers."""
    address = make_url(url)
    until = time.monotonic() + within_s
    while True:
        try:
            return pymysql.connect(
                host=address.host or "127.0.0.1",
                port=address.port or 3306,
                user=address.username,
                password=address.password or "",
                database=address.database,
                charset="utf8mb4",
                autocommit=True,
            )
        except pymysql.OperationalError as error:
            if error.args[0] not in _NOT_YET or time.monotonic() > until:
                raise
            time.sleep(0.05)


def emptied_redis(server: str, number: int) -> str:
    """One of Redis's databases, empty, and its URL. Waits until the server answers."""
    address = make_url(server)
    wait_until_listening(address.host or "127.0.0.1", address.port or 6379)
    url = address.set(database=str(number)).render_as_string(hide_password=False)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
