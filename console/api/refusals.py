"""A refusal of the domain as an HTTP answer: its status, and what whoever stands at the till reads."""

import string
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from console.api.problems import problem
from domain.kernel.errors import DomainError
from domain.shop.store import Store


@dataclass(frozen=True, slots=True)
class Refusal:
    """How one class of DomainError is told.

    Attributes:
        title: The same each time, in a few words.
        detail: What stands in the way; {names} are the refusal's details.
        words: What a detail is called in Chinese, when it is a code: detail name -> code -> word.
        carries: More members of the problem, made of the refusal and the store.
        members: The shape of these, for the document.
    """

    status: int
    title: str
    detail: str
    words: Mapping[str, Mapping[str, str]] | None = None
    carries: Callable[[Any, Store], BaseModel] | None = None
    members: type[BaseModel] | None = None

    def told(self, error: DomainError, store: Store) -> dict[str, Any]:
        """The body of the problem."""
        members = self.carries(error, store).model_dump(mode="json") if self.carries else {}
        return problem(error.code, self.status, self.title, self.detail.format_map(self._details(error.details)), **members)

    def example(self, code: str) -> dict[str, Any]:
        """A body as the document shows it."""
        blank: Mapping[str, str] = defaultdict(lambda: "…")
        return problem(code, self.status, self.title, self.detail.format_map(blank))

    @property
    def placeholders(self) -> frozenset[str]:
        """The details that its words need."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self.detail) if name)

    def _details(self, details: Mapping[str, object]) -> Mapping[str, object]:
        said: dict[str, object] = defaultdict(lambda: "…", details)
        for name, words in (self.words or {}).items():
            said[name] = words.get(str(details.get(name)), details.get(name))
        return said


Refusals = Mapping[type[DomainError], Refusal]
