"""The house rules that neither ruff nor import-linter can see."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from haowei import schema

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "console", "domain", "haowei", "printing", "wechat_gateway")
MONEY = ("domain/kernel/money.py", "domain/checkout", "domain/orders", "domain/payments", "domain/points")
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"}
THE_CLOCK = "domain/kernel/clock.py"
REPORTED_ABOVE = 300
REFUSED_ABOVE = 500


def modules(*places: str) -> list[Path]:
    """Python files below these places, but the written history of the tables."""
    found = [file for place in places for file in ([ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py")))]
    return [file for file in found if "versions" not in file.parts]


def name_of(file: Path) -> str:
    """Its path from the root of the project."""
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(file.read_text(encoding="utf-8"))


def faults(nodes: Iterator[tuple[Path, ast.AST]]) -> list[str]:
    """Where they are, as an editor understands it."""
    return [f"{name_of(file)}:{getattr(node, 'lineno', 0)}" for file, node in nodes]


def test_no_module_is_too_long_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    lengths = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in modules(*ROOMS)}

    long = {name: lines for name, lines in sorted(lengths.items()) if lines > REPORTED_ABOVE}
    if long:
        with capsys.disabled():
            print(f"\nover {REPORTED_ABOVE} lines, to be split when they have two purposes: {long}")

    assert [name for name, lines in long.items() if lines > REFUSED_ABOVE] == []


def test_names_say_what_is_inside() -> None:
    files = [*modules(*ROOMS), *modules("tests")]

    assert [name_of(file) for file in files if NAMES_THAT_SAY_NOTHING & {file.stem, *file.relative_to(ROOT).parts[:-1]}] == []


def test_every_folder_with_code_is_a_package() -> None:
    folders = {file.parent for file in (*modules(*ROOMS), *modules("tests"))}

    assert sorted(name_of(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_every_module_says_what_is_in_it() -> None:
    assert [name_of(file) for file in modules(*ROOMS) if not ast.get_docstring(tree(file))] == []


def test_no_fault_is_swallowed_unseen() -> None:
    def swallows(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.ExceptHandler)
            and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
            and all(isinstance(line, ast.Pass | ast.Continue) or is_constant(line) for line in node.body)
        ) or (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("suppress")
            and any(ast.unparse(argument) in {"Exception", "BaseException"} for argument in node.args)
        )

    def is_constant(line: ast.stmt) -> bool:
        return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)

    assert faults((file, node) for file in modules(*ROOMS) for node in ast.walk(tree(file)) if swallows(node)) == []


def test_one_module_asks_the_machine_for_the_time() -> None:
    asking = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}

    def asks(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and any(ast.unparse(node) == way or ast.unparse(node).endswith(f".{way}") for way in asking)

    others = [file for file in modules(*ROOMS) if name_of(file) != THE_CLOCK]
    assert faults((file, node) for file in others for node in ast.walk(tree(file)) if asks(node)) == []


def test_no_float_touches_money() -> None:
    def is_float(node: ast.AST) -> bool:
        return (isinstance(node, ast.Constant) and isinstance(node.value, float)) or (isinstance(node, ast.Name) and node.id == "float")

    assert faults((file, node) for file in modules(*MONEY) for node in ast.walk(tree(file)) if is_float(node)) == []


def test_every_table_is_known_to_the_schema() -> None:
    def defines_table(node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id == "__tablename__"

    defining = {name_of(file) for file in modules(*ROOMS) for node in ast.walk(tree(file)) if defines_table(node)}

    assert defining == {f"{name.replace('.', '/')}.py" for name in schema._MODULES_WITH_TABLES}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_no_address(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if "==" in line and not line.startswith((" ", "#"))]

    assert packages
    assert sum("--hash=sha256:" in line for line in lines) >= len(packages)
    assert [line for line in lines if "://" in line or "index-url" in line] == []


def test_what_tests_need_includes_what_the_program_needs() -> None:
    def pins(lock: str) -> set[str]:
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
