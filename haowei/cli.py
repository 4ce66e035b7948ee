"""The `haowei` command. Each of its commands is a few lines; what it does stands in the room it belongs to."""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from domain.storage.database import StorageUnavailableError
from haowei.command import command
from haowei.nlu_commands import add_nlu_commands
from haowei.settings import NEEDED_BY_AGENT, NEEDED_TO_ANSWER, NEEDED_TO_WORK, SettingsError, load_settings

_ABOUT = "Haowei: a WeChat service account for restaurant chains. Settings come from HAOWEI_… variables or .env; see README."
_CHECK_DATABASE = "Check HAOWEI_DATABASE_URL and that the server runs; a new or older database needs: haowei db upgrade"
WRONG = 2
NEEDED_FOR_CODES = ("secret_key",)


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 failed or found something wrong, 2 wrong settings or wrong input."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.run(given)
    except SettingsError as error:
        print("The settings do not work:", *error.faults, sep="\n  ", file=sys.stderr)
        return WRONG
    except StorageUnavailableError as error:
        print(f"The database cannot be used: {error}\n{_CHECK_DATABASE}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="haowei", description=_ABOUT)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    demo = command(commands, "demo", _demo, "the whole service on this machine with a simulated WeChat; prints one URL")
    demo.add_argument("--port", type=int, default=0, help="port of the demo page (default: 8080, or a free one)")
    demo.add_argument("--fresh", action="store_true", help="forget what earlier demos have left under var/demo")

    command(commands, "serve", _serve, "web, worker and print agent in one process")
    command(commands, "web", _web, "only the HTTP side: callback, pages, agent API")
    command(commands, "worker", _worker, "only the worker: deliveries, messages to diners")
    command(commands, "print-agent", _print_agent, "runs in a store: fetches tickets over HTTPS and prints them")

    db = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="COMMAND")
    command(db, "upgrade", _db_upgrade, "bring the tables to the newest shape")

    shop = commands.add_parser("shop", help="the shop file").add_subparsers(required=True, metavar="COMMAND")
    shop_import = command(shop, "import", _shop_import, "bring stores, tables, printers and menu to what a file says; all or nothing")
    shop_import.add_argument("file", type=Path, metavar="FILE", help="YAML; its schema: haowei shop schema")
    shop_import.add_argument("--dry-run", action="store_true", help="only say what would change")
    command(shop, "schema", _shop_schema, "print the JSON Schema of the shop file, for editors")

    add_nlu_commands(commands)

    wechat = commands.add_parser("wechat", help="the official account").add_subparsers(required=True, metavar="COMMAND")
    command(wechat, "parse", _wechat_parse, "read one push (plain XML) on standard input, print what it is as JSON")
    command(wechat, "menu", _wechat_menu, "create the account's menu bar")

    qr = commands.add_parser("qr", help="QR codes").add_subparsers(required=True, metavar="COMMAND")
    qr_table = command(qr, "table", _qr_table, "make the permanent code of a table; prints the address of its picture")
    qr_table.add_argument("--store", required=True)
    qr_table.add_argument("--table", required=True)

    token = commands.add_parser("token", help="store tokens").add_subparsers(required=True, metavar="COMMAND")
    create = command(token, "create", _token_create, "make a token for a device of a store; it is shown once")
    create.add_argument("--store", required=True)
    create.add_argument("--scope", required=True, choices=["till", "agent", "screen"])
    token_list = command(token, "list", _token_list, "every token there ever was: id, store, scope, when; never the token itself")
    token_list.add_argument("--store", help="only of this store")
    revoke = command(token, "revoke", _token_revoke, "revoke one token, or every token of a store and scope")
    revoke.add_argument("id", metavar="ID", nargs="?", help="as haowei token list prints it")
    revoke.add_argument("--store")
    revoke.add_argument("--scope", choices=["till", "agent", "screen"])

    staff = commands.add_parser("staff", help="who works here").add_subparsers(required=True, metavar="COMMAND")
    add = command(staff, "add", _staff_add, "somebody new works here; prints a code that binds their WeChat, shown once")
    add.add_argument("--name", required=True, help="as colleagues call them")
    add.add_argument("--role", required=True, choices=["waiter", "cook", "cashier", "manager", "owner"])
    add.add_argument("--store", action="append", default=[], help="where they work; may be given several times; an owner needs none")
    staff_list = command(staff, "list", _staff_list, "everybody who works here: id, role, stores, and whether their WeChat is bound")
    staff_list.add_argument("--store", help="only of this store")
    code = command(staff, "code", _staff_code, "a new code for somebody whose code ran out, or who has a new phone")
    code.add_argument("id", metavar="ID", help="as haowei staff list prints it")
    remove = command(staff, "remove", _staff_remove, "somebody leaves: their WeChat is a diner's again")
    remove.add_argument("id", metavar="ID", help="as haowei staff list prints it")

    show = command(commands, "show", _show, "look into the records; ids only, no words of diners")
    show.add_argument("what", choices=["orders", "members", "payments", "refunds", "tasks", "print-jobs", "deliveries", "messages"])
    show.add_argument("--json", action="store_true", help="one JSON object a line")
    show.add_argument("--limit", type=int, default=50, help="at most so many, newest first (default 50)")

    command(commands, "proof", _proof, "compare every sum of points, coupons, budgets and bills with the records behind it")

    command(commands, "doctor", _doctor, "check settings, database, Redis, WeChat and printers, and say what to do")
    return parser


# Imports stand inside the commands, so that `haowei wechat parse` does not wait for what only `haowei serve` needs.


def _demo(given: argparse.Namespace) -> int:
    from haowei.demo.program import run_demo

    return asyncio.run(run_demo(port=given.port, fresh=given.fresh))


def _serve(_: argparse.Namespace) -> int:
    from haowei.runtime import ALL_PARTS

    return _run(ALL_PARTS, NEEDED_TO_ANSWER)


def _web(_: argparse.Namespace) -> int:
    from haowei.runtime import Parts

    return _run(Parts.WEB, NEEDED_TO_ANSWER)


def _worker(_: argparse.Namespace) -> int:
    from haowei.runtime import Parts

    return _run(Parts.WORKER, NEEDED_TO_WORK)


def _run(parts: object, needed: tuple[str, ...]) -> int:
    from domain.storage.upgrading import pending
    from haowei.logs import set_up_logs
    from haowei.runtime import Parts, run_process

    assert isinstance(parts, Parts)
    settings = load_settings(needed)
    set_up_logs()
    if pending(settings.database_url):
        print("The database is not of this version. Run: haowei db upgrade", file=sys.stderr)
        return 1
    asyncio.run(run_process(settings, parts))
    return 0


def _print_agent(_: argparse.Namespace) -> int:
    from haowei.logs import set_up_logs
    from haowei.runtime import run_print_agent

    settings = load_settings(NEEDED_BY_AGENT)
    set_up_logs()
    asyncio.run(run_print_agent(settings))
    return 0


def _db_upgrade(_: argparse.Namespace) -> int:
    from domain.storage.upgrading import upgrade

    upgrade(load_settings().database_url)
    print("The database is of this version.")
    return 0


def _shop_import(given: argparse.Namespace) -> int:
    from haowei.shop_files import import_file

    return asyncio.run(import_file(load_settings(), given.file, dry_run=given.dry_run))


def _shop_schema(_: argparse.Namespace) -> int:
    from domain.shop.document import shop_schema

    print(json.dumps(shop_schema(), ensure_ascii=False, indent=2))
    return 0


def _wechat_parse(_: argparse.Namespace) -> int:
    from wechat_gateway.errors import PushRefusedError
    from wechat_gateway.push import describe, parse_push

    try:
        pushed = describe(parse_push(sys.stdin.buffer.read()))
    except PushRefusedError as refused:
        print(f"not a push: {refused}", file=sys.stderr)
        return WRONG
    print(json.dumps(pushed, ensure_ascii=False))
    return 0


def _wechat_menu(_: argparse.Namespace) -> int:
    from haowei.account import create_account_menu

    return asyncio.run(create_account_menu(load_settings(NEEDED_TO_WORK)))


def _qr_table(given: argparse.Namespace) -> int:
    from haowei.account import create_table_code

    return asyncio.run(create_table_code(load_settings(NEEDED_TO_WORK), given.store, given.table))


def _token_create(given: argparse.Namespace) -> int:
    from haowei.tokens import create

    return asyncio.run(create(load_settings(), given.store, given.scope))


def _token_list(given: argparse.Namespace) -> int:
    from haowei.tokens import list_all

    return asyncio.run(list_all(load_settings(), given.store))


def _token_revoke(given: argparse.Namespace) -> int:
    from haowei.tokens import revoke

    return asyncio.run(revoke(load_settings(), given.id, given.store, given.scope))


def _staff_add(given: argparse.Namespace) -> int:
    from haowei.staff import add

    return asyncio.run(add(load_settings(NEEDED_FOR_CODES), given.name, given.role, given.store))


def _staff_list(given: argparse.Namespace) -> int:
    from haowei.staff import list_all

    return asyncio.run(list_all(load_settings(), given.store))


def _staff_code(given: argparse.Namespace) -> int:
    from haowei.staff import make_new_code

    return asyncio.run(make_new_code(load_settings(NEEDED_FOR_CODES), given.id))


def _staff_remove(given: argparse.Namespace) -> int:
    from haowei.staff import remove

    return asyncio.run(remove(load_settings(), given.id))


def _show(given: argparse.Namespace) -> int:
    from haowei.show import show

    return asyncio.run(show(load_settings(), given.what, as_json=given.json, limit=given.limit))


def _proof(given: argparse.Namespace) -> int:
    from haowei.proof import print_proof

    return asyncio.run(print_proof(load_settings()))


def _doctor(_: argparse.Namespace) -> int:
    from haowei.doctor import examine

    return asyncio.run(examine())
