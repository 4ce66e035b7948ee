"""The case tables in tests/cases: another menu of about 190 dishes, messages and numbers as diners write them."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from bot.dialogue.commands import Line
from bot.understanding.deterministic import understand_text
from bot.understanding.resolvers.dishes import MenuEntry, MenuIndex
from bot.understanding.resolvers.quantities import find_quantities

CASES = Path(__file__).parents[2] / "cases"


@pytest.fixture(scope="module")
def big_menu():
    dishes = json.loads((CASES / "menu.json").read_text("utf-8"))
    return MenuIndex(MenuEntry(dish["name"], dish["name"], tuple(dish["aliases"])) for dish in dishes)


def rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows("dish_cases.tsv"), ids=lambda row: row["id"])
def test_dishes_and_counts(big_menu, row):
    lines = [command for command in understand_text(row["text"], big_menu) if isinstance(command, Line)]

    if row["gold"].startswith("?"):
        [line] = lines
        assert len(line.candidates) > 1
        assert set(line.candidates) <= set(row["gold"][1:].split("|"))
    else:
        gold = dict(part.split(":") for part in row["gold"].split(";") if part)
        counts = {dish: line.n or 1 for line in lines for dish in (line.dish_id, line.other_id) if dish}
        assert counts == {dish: Decimal(n) for dish, n in gold.items()}


@pytest.mark.parametrize("row", [row for row in rows("quantity_cases.tsv") if row["kind"] != "people"], ids=lambda row: row["id"])
def test_quantities(big_menu, row):
    text = row["text"]
    found = find_quantities(text, [(span.start, span.end) for span in big_menu.find(text)])

    if row["kind"] == "none":
        assert found == []
    else:
        assert (found[0].n, found[0].unit, found[0].approx) == (Decimal(row["n"]), row["unit"], row["approx"] == "1")
