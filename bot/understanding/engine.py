"""What an engine makes of a text: intents with confidence and entities with their places, in the shape of Rasa's `/model/parse`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

ACT = 0.7  # calibrated; from here on the dialogue acts on an intent. Source: CONVERSATION §2
ASK = 0.3  # from here on it asks, with so many choices
MOST_CHOICES = 3


@dataclass(frozen=True, slots=True)
class Entity:
    """Something named in a text.

    Attributes:
        entity: One of the names of CONVERSATION §3 (dish, time, people, …).
        value: What it means: the words themselves from an engine, a resolver's value where one read it.
        start, end: Offsets into the text as it was written.
    """

    entity: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """A text, understood.

    Attributes:
        intents: Names with calibrated confidence (0 to 1, together at most 1), best first; never empty.
        entities: From left to right; they do not overlap.
    """

    text: str
    intents: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...] = ()

    @property
    def intent(self) -> str:
        """The likeliest intent."""
        return self.intents[0][0]

    @property
    def confidence(self) -> float:
        """How sure the likeliest intent is."""
        return self.intents[0][1]

    def to_json(self) -> dict[str, Any]:
        """Rasa's `/model/parse` answer."""
        ranking = [{"name": name, "confidence": confidence} for name, confidence in self.intents]
        found = [{"entity": item.entity, "value": item.value, "start": item.start, "end": item.end} for item in self.entities]
        return {"text": self.text, "intent": ranking[0], "intent_ranking": ranking, "entities": found}


class Engine(Protocol):
    """Understands texts. Two exist: embedded (this process) and rasa (HTTP); both learn from nlu_data."""

    async def parse(self, text: str, *, expected: str | None = None, known: Sequence[Entity] = ()) -> Understanding:
        """Understand one text.

        Args:
            text: As the diner wrote it.
            expected: The slot of the open question, if one is open.
            known: What resolvers found already (dishes of this shop, times, people): an engine may lean on it.
        """
        ...
