"""nlu_data is Rasa's own format: Rasa finds nothing to say about it, and reads in it what we read."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.responses import NLU_DATA, Responses
from bot.understanding.training_data import read_training_data
from tests.rasa.server import run_python, run_rasa

# The only thing that Rasa may warn of: there are no stories, the dialogue is ours.
_NO_STORY = re.compile(r"The (?:intent|utterance) '(\w+)' is not used in any story or rule")

_READ = """
import json, sys
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.loading import load_data

data, domain = load_data(sys.argv[1] + "/nlu"), Domain.load(sys.argv[1])
found = {
    "examples": [
        [one.get("text"), one.get("intent"), [[e["entity"], e["value"], e["start"], e["end"]] for e in one.get("entities", [])]]
        for one in data.intent_examples
    ],
    "synonyms": data.entity_synonyms,
    "lookups": {table["name"]: table["elements"] for table in data.lookup_tables},
    "regexes": [[regex["name"], regex["pattern"]] for regex in data.regex_features],
    "responses": {name: [one["text"] for one in variants] for name, variants in domain.responses.items()},
}
print("READ" + json.dumps(found))
"""


@cache
def as_rasa_reads() -> dict[str, Any]:
    """nlu_data through Rasa's own readers."""
    found: dict[str, Any] = json.loads(run_python(_READ, NLU_DATA).rpartition("READ")[2])
    return found


def test_rasa_finds_nothing_wrong(tmp_path: Path) -> None:
    config = NLU_DATA / "config.yml"
    before = config.read_bytes()

    checked = run_rasa("data", "validate", "--data", NLU_DATA / "nlu", "--domain", NLU_DATA, "--config", config, home=tmp_path)

    assert checked.returncode == 0, checked.stdout[-3000:]
    warned = re.findall(r"UserWarning: (.*)", checked.stdout)
    assert [warning for warning in warned if not _NO_STORY.search(warning)] == []
    without_story = {found[1] for warning in warned if (found := _NO_STORY.search(warning))}
    assert without_story >= {f"utter_{name}" for name in Responses.load(NLU_DATA / "responses").names()}  # it did read them
    assert config.read_bytes() == before  # Rasa writes what it misses into it


def test_both_engines_learn_the_same_sentences() -> None:
    ours, theirs = read_training_data(NLU_DATA / "nlu"), as_rasa_reads()

    def places(entities: Any) -> tuple[tuple[str, str, int, int], ...]:
        return tuple((name, value, start, end) for name, value, start, end in entities)

    assert {(one.text, one.intent, places((e.entity, e.value, e.start, e.end) for e in one.entities)) for one in ours.examples} == {
        (text, intent, places(entities)) for text, intent, entities in theirs["examples"]
    }
    assert len(ours.examples) > 1000


def test_both_engines_know_the_same_words() -> None:
    ours, theirs = read_training_data(NLU_DATA / "nlu"), as_rasa_reads()

    assert dict(ours.synonyms) == theirs["synonyms"]
    assert {name: sorted(words) for name, words in ours.lookups.items()} == {
        name: sorted(words) for name, words in theirs["lookups"].items()
    }
    assert sorted([name, pattern] for name, patterns in ours.regexes.items() for pattern in patterns) == sorted(theirs["regexes"])


def test_rasa_reads_the_replies_as_we_do() -> None:
    written = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((NLU_DATA / "responses").glob("*.yml"))]
    ours = {name: [one["text"] for one in variants] for file in written for name, variants in file["responses"].items()}

    assert as_rasa_reads()["responses"] == ours
    assert {name.removeprefix("utter_") for name in ours} == Responses.load(NLU_DATA / "responses").names()
