"""Settings: read once, only from the environment and .env; all faults are reported together; secrets are hidden."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from domain.kernel.clock import Clock, FileClock, SystemClock
from wechat_gateway.mode import Mode
from wechat_gateway.templates import KINDS, Template, read_template

PREFIX = "HAOWEI_"
REAL_PLATFORM = "https://api.weixin.qq.com"


class SettingsError(Exception):
    """The settings do not work; `faults` says which and what to do, one line each, without any secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Payments(StrEnum):
    """Who confirms payments."""

    SIMULATED = "simulated"


class Nlu(StrEnum):
    """Which engine understands diners."""

    EMBEDDED = "embedded"
    RASA = "rasa"


def _folder(path: Path | None) -> Path | None:
    if path is not None and not path.is_dir():
        raise ValueError(f"{path} is not a folder")
    return path


def _database_url(url: str) -> str:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("use sqlite:///var/haowei.db or mysql+aiomysql://user:password@host/name") from None
    if parsed.drivername not in {"sqlite", "mysql+aiomysql", "mariadb+aiomysql"}:
        raise ValueError("use sqlite:///var/haowei.db or mysql+aiomysql://user:password@host/name")
    return url


def _web_url(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("must begin with https:// (or http://)")
    return url.rstrip("/")


def _aes_key(key: SecretStr) -> SecretStr:
    secret = key.get_secret_value()
    if secret and not (len(secret) == 43 and secret.isascii() and secret.isalnum()):
        raise ValueError("an EncodingAESKey has 43 letters and digits; copy it from the account's 基本配置 page")
    return key


def _listen(address: str) -> str:
    host, _, port = address.rpartition(":")
    if address and not (host and port.isdigit() and 0 <= int(port) <= 65535):
        raise ValueError("must be host:port, for example 127.0.0.1:9090, or empty for none")
    return address


def _redis_url(url: str) -> str:
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, for example redis://127.0.0.1:6379/0")
    return url


def _template_of(kind: str) -> AfterValidator:
    def check(setting: str) -> str:
        read_template(kind, setting)
        return setting

    return AfterValidator(check)


WebUrl = Annotated[str, AfterValidator(_web_url)]
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]
_NO_SECRET = SecretStr("")


class Settings(BaseSettings):
    """Every setting, by its name without HAOWEI_. README's table says the same in words."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///var/haowei.db"
    redis_url: Annotated[str, AfterValidator(_redis_url)] = ""
    host: str = "0.0.0.0"  # noqa: S104 - a server behind a proxy; the demo binds 127.0.0.1
    port: int = Field(8080, ge=0, le=65535)
    public_url: WebUrl = ""
    secret_key: SecretStr = _NO_SECRET
    metrics_listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:9090"
    clock_file: Path | None = None
    shop: Path | None = None
    pictures: Path = Path("var/pictures")
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = _NO_SECRET
    wechat_token: SecretStr = _NO_SECRET
    wechat_aes_key: AesKey = _NO_SECRET
    wechat_aes_key_previous: AesKey = _NO_SECRET
    wechat_mode: Mode = Mode.SAFE
    wechat_api_url: WebUrl = REAL_PLATFORM
    wechat_max_skew: int = Field(300, ge=1, le=3600)
    wechat_template_order_paid: Annotated[str, _template_of("order_paid")] = ""
    wechat_template_order_ready: Annotated[str, _template_of("order_ready")] = ""
    wechat_template_queue_call: Annotated[str, _template_of("queue_call")] = ""
    wechat_template_booking_reminder: Annotated[str, _template_of("booking_reminder")] = ""
    wechat_template_invoice_issued: Annotated[str, _template_of("invoice_issued")] = ""
    wechat_subscribe_order_paid: Annotated[str, _template_of("order_paid")] = ""
    wechat_subscribe_order_ready: Annotated[str, _template_of("order_ready")] = ""
    wechat_subscribe_queue_call: Annotated[str, _template_of("queue_call")] = ""
    wechat_subscribe_booking_reminder: Annotated[str, _template_of("booking_reminder")] = ""
    wechat_subscribe_invoice_issued: Annotated[str, _template_of("invoice_issued")] = ""
    wechat_templates_a_day: int = Field(100_000, ge=0)
    payments: Payments | None = None
    nlu: Nlu = Nlu.EMBEDDED
    nlu_overlay: Annotated[Path | None, AfterValidator(_folder)] = None
    rasa_url: WebUrl = ""
    rasa_token: SecretStr = _NO_SECRET
    server_url: WebUrl = ""
    store_token: SecretStr = _NO_SECRET

    @property
    def is_real_platform(self) -> bool:
        """Whether this installation talks to WeChat itself and not to a simulator."""
        return self.wechat_api_url == REAL_PLATFORM

    @property
    def templates(self) -> dict[str, Template]:
        """The account's template messages, by kind."""
        return self._of_account("wechat_template_")

    @property
    def notices(self) -> dict[str, Template]:
        """The account's subscription notices, by kind."""
        return self._of_account("wechat_subscribe_")

    def _of_account(self, prefix: str) -> dict[str, Template]:
        read = {kind: read_template(kind, getattr(self, prefix + kind)) for kind in KINDS}
        return {kind: template for kind, template in read.items() if template is not None}

    @property
    def aes_keys(self) -> list[str]:
        """The EncodingAESKeys in the order in which they are tried."""
        keys = (self.wechat_aes_key.get_secret_value(), self.wechat_aes_key_previous.get_secret_value())
        return [key for key in keys if key]


NEEDED_TO_ANSWER = ("public_url", "secret_key", "wechat_app_id", "wechat_app_secret", "wechat_token", "wechat_aes_key")
NEEDED_TO_WORK = ("public_url", "secret_key", "wechat_app_id", "wechat_app_secret")
NEEDED_BY_AGENT = ("server_url", "store_token")

_HOW = {
    "public_url": "the https address under which WeChat and diners reach this server",
    "secret_key": "at least 32 characters; make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
    "wechat_app_id": "AppID of the service account",
    "wechat_app_secret": "AppSecret of the service account",
    "wechat_token": "the Token typed into the account's 基本配置 page",
    "wechat_aes_key": "the EncodingAESKey of the account's 基本配置 page",
    "server_url": "the https address of the server, for the print agent",
    "store_token": "made by: haowei token create --store STORE --scope agent",
}


def load_settings(needed: tuple[str, ...] = (), **overrides: Any) -> Settings:
    """Read the settings.

    Args:
        needed: Names that this command cannot do without.
        overrides: Values that win over the environment (the demo's).

    Raises:
        SettingsError: With every fault found.
    """
    settings, faults, wrong = _read(overrides)
    if "wechat_api_url" not in wrong:
        faults += _conflicts(settings)
    if settings.nlu is Nlu.RASA and not settings.rasa_url and "rasa_url" not in wrong:
        faults.append(f"{PREFIX}RASA_URL is missing: the address of the Rasa server, for {PREFIX}NLU=rasa")
    for name in needed:
        value = getattr(settings, name)
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not text and name not in wrong:
            faults.append(f"{PREFIX}{name.upper()} is missing: {_HOW[name]}")
        elif name == "secret_key" and 0 < len(text.encode()) < 32:
            faults.append(f"{PREFIX}SECRET_KEY is too short: {_HOW[name]}")
    if faults:
        raise SettingsError(faults)
    return settings


def _read(values: dict[str, Any]) -> tuple[Settings, list[str], frozenset[str]]:
    """The settings, with the default in place of every wrong value, so that what else is wrong is found too; faults; wrong names."""
    try:
        return Settings(**values), [], frozenset()
    except ValidationError as error:
        found = {str(item["loc"][0]): item["msg"].removeprefix("Value error, ") for item in error.errors(include_input=False)}
    settings, faults, wrong = _read(values | {name: Settings.model_fields[name].default for name in found})
    return settings, [f"{PREFIX}{name.upper()}: {words}" for name, words in found.items()] + faults, wrong | found.keys()


def _conflicts(settings: Settings) -> list[str]:
    """What is refused against the real platform."""
    if not settings.is_real_platform:
        return []
    refused = {
        "CLOCK_FILE: a test's clock is refused against the real platform; remove it": settings.clock_file is not None,
        "PAYMENTS=simulated: simulated payment is refused against the real platform; remove it": settings.payments is Payments.SIMULATED,
        "WECHAT_MODE=plain: plain pushes are refused against the real platform; use safe": settings.wechat_mode is Mode.PLAIN,
    }
    return [PREFIX + words for words, is_so in refused.items() if is_so]


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or a test's."""
    return FileClock(settings.clock_file) if settings.clock_file else SystemClock()
