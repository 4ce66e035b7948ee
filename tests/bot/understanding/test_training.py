"""Training, its settings, and the cache of models: same in, same out; new data, new model; broken files are made anew."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.understanding import tuning
from bot.understanding.calibration import expected_calibration_error, fit_temperature, tempered
from bot.understanding.embedded import open_engine
from bot.understanding.evaluation import score
from bot.understanding.model_files import BrokenModelError, model_name, read_model, write_model
from bot.understanding.model_settings import ModelSettings, ModelSettingsError, read_model_settings, write_model_settings
from bot.understanding.training import train_model
from bot.understanding.training_data import TrainingDataError, read_training_data
from bot.understanding.tuning import cross_validate, tune
from tests.bot.understanding.small_data import NLU, write_small_data


def test_the_same_data_and_settings_give_the_same_model(tmp_path: Path) -> None:
    data = read_training_data(write_small_data(tmp_path))
    assert train_model(data, ModelSettings()) == train_model(data, ModelSettings())
    assert train_model(data, ModelSettings(resolved=False))["intents"] != train_model(data, ModelSettings())["intents"]


def test_progress_rises_to_one_and_is_silent_when_the_model_is_there(tmp_path: Path) -> None:
    folders = [write_small_data(tmp_path / "data")]
    told: list[float] = []
    first = open_engine(folders, tmp_path / "none.yml", tmp_path / "models", told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5
    told.clear()
    second = open_engine(folders, tmp_path / "none.yml", tmp_path / "models", told.append)
    assert told == []
    assert first.understand("来碗凉皮") == second.understand("来碗凉皮")


def test_new_data_or_settings_make_a_new_model_and_nothing_else_does(tmp_path: Path) -> None:
    folder, settings = write_small_data(tmp_path / "data"), tmp_path / "embedded.yml"
    name = model_name([folder, settings])
    assert model_name([folder, settings]) == name
    (folder / "notes.txt").write_text("no training data", encoding="utf-8")
    assert model_name([folder, settings]) == name
    write_model_settings(settings, ModelSettings())
    assert model_name([folder, settings]) != name
    settings.unlink()
    (folder / "noodles.yml").write_text(NLU + "# changed\n", encoding="utf-8")
    assert model_name([folder, settings]) != name


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "foreign"])
def test_a_broken_model_is_trained_anew(tmp_path: Path, harm: str) -> None:
    folders = [write_small_data(tmp_path / "data")]
    open_engine(folders, tmp_path / "none.yml", tmp_path / "models")
    (path,) = (tmp_path / "models").iterdir()
    whole = path.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    path.write_bytes({"cut": whole[:-1], "flipped": flipped, "empty": b"", "foreign": b"PK\x03\x04" * 100}[harm])
    with pytest.raises(BrokenModelError):
        read_model(path)
    assert open_engine(folders, tmp_path / "none.yml", tmp_path / "models").understand("买单").intent == "pay_bill"
    assert path.read_bytes() == whole


def test_two_processes_may_train_at_once(tmp_path: Path) -> None:
    write_small_data(tmp_path / "data")
    code = (
        "import sys; from pathlib import Path; from bot.understanding.embedded import open_engine; folder = Path(sys.argv[1]);"
        "print(open_engine([folder / 'data'], folder / 'none', folder / 'models').understand('买单').intent)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in running:
        out, problem = process.communicate()
        assert (process.returncode, out.strip()) == (0, "pay_bill"), problem
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".model"]


def test_only_the_last_few_models_are_kept(tmp_path: Path) -> None:
    for number in range(7):
        write_model(tmp_path / f"{number}.model", {"a": b"x" * number})
    assert read_model(tmp_path / "6.model") == {"a": b"xxxxxx"}
    assert len(list(tmp_path.iterdir())) == 4


def test_wrong_data_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = write_small_data(tmp_path / "data")
    (folder / "wrong.yml").write_text("nlu:\n- intent: a\n  examples: |\n    [\n", encoding="utf-8")
    with pytest.raises(TrainingDataError):
        open_engine([folder], tmp_path / "none.yml", tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_settings_are_kept_as_chosen(tmp_path: Path) -> None:
    path = tmp_path / "embedded.yml"
    assert read_model_settings(path) == ModelSettings()
    chosen = ModelSettings(orders=(1, 2, 4), scaled=False, slot_c1=0.25, slot_rounds=7, temperature=0.9)
    write_model_settings(path, chosen, "accuracy .9\non our own data")
    assert read_model_settings(path) == chosen
    assert "# on our own data\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "written",
    [
        "orders: 3",
        "orders: []",
        "orders: [0]",
        "scaled: maybe",
        "slot_c1: -1",
        "intent_c2: true",
        "colour: red",
        "- 1",
        "a: [",
        "resolved: 1",
    ],
)
def test_wrong_settings_are_refused_by_name(tmp_path: Path, written: str) -> None:
    path = tmp_path / "embedded.yml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ModelSettingsError, match=r"embedded\.yml"):
        read_model_settings(path)


def test_everyone_is_judged_by_models_that_have_not_seen_them(tmp_path: Path) -> None:
    folder = write_small_data(tmp_path)
    secret = "".join(f"- intent: lonely{number}\n  examples: |\n    - 独门暗号{number}\n" for number in range(3))
    (folder / "lonely.yml").write_text(f"nlu:\n{secret}", encoding="utf-8")
    data = read_training_data(folder)
    answers = cross_validate(data, ModelSettings())
    assert [said.text for said in answers] == [example.text for example in data.examples]
    lonely = [said for said, example in zip(answers, data.examples, strict=True) if example.intent.startswith("lonely")]
    assert len(lonely) == 3
    assert all(not said.intent.endswith(said.text[-1]) for said in lonely)  # learned nowhere but in its own fold
    assert score(data.examples, answers).accuracy > 0.4


def test_tuning_tries_candidates_and_keeps_the_better(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "_SLOT_CHANGES", ({"slot_rounds": 1}, {"slot_rounds": 40}))
    monkeypatch.setattr(tuning, "_INTENT_CHANGES", (({"intent_c2": 300.0}, {"intent_c2": 0.005}),))
    told: list[str] = []
    tuned = tune(read_training_data(write_small_data(tmp_path)), told.append)
    assert (tuned.settings.slot_rounds, tuned.settings.intent_c2) == (40, 0.005)
    assert len(told) == 4
    assert 0.2 <= tuned.settings.temperature <= 5
    assert tuned.scores.rows == len(read_training_data(tmp_path).examples)


def test_temperature_makes_doubt_of_overconfidence() -> None:
    rows = [([0.95, 0.05], 0)] * 7 + [([0.95, 0.05], 1)] * 3
    temperature = fit_temperature(rows)
    assert tempered([0.95, 0.05], temperature)[0] == pytest.approx(0.7, abs=0.01)
    assert fit_temperature([([0.6, 0.4], 0)] * 10) < 1
    assert fit_temperature([([1.0], None)]) == 1.0
    assert tempered([0.2, 0.8], 1) == [0.2, 0.8]


def test_calibration_error_is_the_gap_between_saying_and_being() -> None:
    assert expected_calibration_error([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0)
    assert expected_calibration_error([(0.95, False)] * 2 + [(0.15, False)] * 2) == pytest.approx((0.95 + 0.15) / 2)
    assert expected_calibration_error([]) == 0


def test_the_model_file_says_what_it_holds(tmp_path: Path) -> None:
    parts = train_model(read_training_data(write_small_data(tmp_path)), ModelSettings())
    about = json.loads(parts["about"])
    assert about["names"]["dish"][:2] == ["冰峰", "凉皮"]
    assert set(about["words"]) == {"pay_words", "queue_words"}  # lookups that no entity is named like
    assert set(about["masks"]) == {"dish"}
