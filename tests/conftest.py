"""What tests of every room share: both databases, Redis, a clock. Servers are started once a run, by the process that drives it.

HAOWEI_TEST_DATABASE_URL (mysql+aiomysql://user:password@host, allowed to create databases) and HAOWEI_TEST_REDIS_URL (its
databases 1 to 15 are emptied) name servers that run already. CI=true or NEED_SERVERS=1: a missing server is a failure.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlalchemy.engine import make_url

from bot.understanding.embedded import EmbeddedEngine
from domain.storage import Database, open_database
from haowei.understanding import embedded_engine
from tests import servers
from tests.clock import SettableClock
from tests.schema import MariaDbSchema, SqliteTemplate

DATABASE_URL = "HAOWEI_TEST_DATABASE_URL"
REDIS_URL = "HAOWEI_TEST_REDIS_URL"
SERVERS_HINT = "install them with: make deps"
_SERVERS = pytest.StashKey["_Servers"]()

# The same examples in every run, however busy the machine; other ones are for soaks.
examples.register_profile("seeded", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("seeded")


class _Servers:
    """The servers that this run started itself."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="haowei-tests-"))
        self._started: list[servers.MariaDb | servers.Redis] = []

    def start_mariadb(self) -> None:
        if DATABASE_URL not in os.environ and servers.MariaDb.available():
            server = servers.MariaDb(self._home / "mariadb").start()
            self._started.append(server)
            os.environ[DATABASE_URL] = server.url

    def start_redis(self) -> None:
        if REDIS_URL not in os.environ and servers.Redis.available():
            server = servers.Redis(self._home / "redis").start()
            self._started.append(server)
            os.environ[REDIS_URL] = server.url

    def end(self) -> None:
        for server in self._started:
            server.kill()
        shutil.rmtree(self._home, ignore_errors=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Under xdist the driving process collects nothing itself, so the servers start at once and the workers inherit their addresses."""
    if _is_worker(config):
        return
    config.stash[_SERVERS] = _Servers()
    if getattr(config.option, "numprocesses", None):
        config.stash[_SERVERS].start_mariadb()
        config.stash[_SERVERS].start_redis()
        embedded_engine(None)  # trained once, before the workers ask for it


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without xdist, only what the collected tests ask for is started: MariaDB by a parameter "mariadb", as `database_url` has."""
    if _is_worker(session.config) or session.config.option.collectonly:
        return
    fixtures = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    engines = {
        value for item in session.items if hasattr(item, "callspec") for value in item.callspec.params.values() if isinstance(value, str)
    }
    if "mariadb" in engines or "mariadb_url" in fixtures:
        session.config.stash[_SERVERS].start_mariadb()
    if "redis_url" in fixtures:
        session.config.stash[_SERVERS].start_redis()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was started, also after failures."""
    if _SERVERS in config.stash:
        config.stash[_SERVERS].end()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly when half of the suite did not run."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if SERVERS_HINT in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(
            f"!!! {len(skipped)} TESTS DID NOT RUN, because MariaDB or Redis is missing here: {SERVERS_HINT}", red=True, bold=True
        )


def _server_address(variable: str, what: str) -> str:
    address = os.environ.get(variable)
    if address:
        return address
    message = f"no {what} on this machine; {SERVERS_HINT}"
    if os.environ.get("CI") or os.environ.get("NEED_SERVERS"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def clock() -> SettableClock:
    """A Saturday evening in the restaurant, 18:30 in Shanghai, until the test moves it."""
    return SettableClock()


@pytest.fixture
def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on."""
    return servers.free_port()


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    """1 for the first worker of the run, 2 for the second, ...; 1 without xdist."""
    name = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return int(name.removeprefix("gw")) + 1


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """A migrated, empty SQLite file that every test copies."""
    return SqliteTemplate(tmp_path_factory.mktemp("template") / "empty.db")


@pytest.fixture(scope="session")
def mariadb_schema(worker_number: int) -> Iterator[MariaDbSchema]:
    """A migrated database of this worker's own on MariaDB."""
    schema = MariaDbSchema(make_url(_server_address(DATABASE_URL, "MariaDB")), worker_number)
    yield schema
    schema.drop()


@pytest.fixture
def mariadb_url(mariadb_schema: MariaDbSchema) -> str:
    """An empty MariaDB database with all tables."""
    mariadb_schema.empty()
    return mariadb_schema.url


@pytest.fixture(params=["sqlite", "mariadb"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database with all tables, on each engine in turn.

    For one engine only: `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "mariadb":
        url: str = request.getfixturevalue("mariadb_url")
        return url
    template: SqliteTemplate = request.getfixturevalue("sqlite_template")
    return template.copy_to(tmp_path / "haowei.db")


class Nobody(Mapping[str, tuple[str, ...]]):
    """Routes under which every event may be emitted and nobody hears it."""

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return ()

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    """Who hears which event; nobody hears any, unless a test module has a `routes` of its own."""
    return Nobody()


@pytest.fixture
async def database(database_url: str, routes: Mapping[str, tuple[str, ...]]) -> AsyncIterator[Database]:
    """An open, empty database, on each engine in turn."""
    opened = open_database(database_url, routes=routes)
    yield opened
    await opened.close()


@pytest.fixture
def redis_url(worker_number: int) -> str:
    """An empty Redis database."""
    address = _server_address(REDIS_URL, "Redis")
    return servers.emptied_redis(address, worker_number)


@pytest.fixture(scope="session")
def engine() -> EmbeddedEngine:
    """The engine as it understands diners, trained on nlu_data."""
    return embedded_engine(None)
