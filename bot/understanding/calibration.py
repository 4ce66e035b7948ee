"""How sure a model may say it is: probabilities are sharpened or flattened by one temperature.

It is fitted on sentences that the model has not learned from.
"""

from collections.abc import Iterable, Sequence
from math import exp, log

_LEAST = 1e-12
_BINS = 10
_COLDEST, _HOTTEST = 0.2, 5.0


def tempered(probabilities: Sequence[float], temperature: float) -> list[float]:
    """Probabilities at another temperature: above 1 less sure, below 1 surer. They still sum to 1."""
    if temperature == 1:
        return list(probabilities)
    powers = [probability ** (1 / temperature) for probability in probabilities]
    total = sum(powers) or 1.0
    return [power / total for power in powers]


def fit_temperature(rows: Sequence[tuple[Sequence[float], int | None]]) -> float:
    """The temperature under which the right intents were likeliest.

    Args:
        rows: Probabilities of a sentence's intents, and which of them is right (None: none of them).
    """
    logs = [([log(max(one, _LEAST)) for one in probabilities], right) for probabilities, right in rows if right is not None]
    if not logs:
        return 1.0

    def loss(temperature: float) -> float:
        total = 0.0
        for scores, right in logs:
            best = max(scores)
            total += log(sum(exp((score - best) / temperature) for score in scores)) - (scores[right] - best) / temperature
        return total

    low, high = log(_COLDEST), log(_HOTTEST)
    for _ in range(30):  # the loss has one valley
        third = (high - low) / 3
        if loss(exp(low + third)) < loss(exp(high - third)):
            high -= third
        else:
            low += third
    return round(exp((low + high) / 2), 3)


def expected_calibration_error(answers: Iterable[tuple[float, bool]]) -> float:
    """How far confidence and being right are apart, over ten bins of confidence.

    Args:
        answers: (confidence, was it right) of each sentence.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, right in answers:
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, right))
    size = sum(map(len, bins))
    if not size:
        return 0.0
    return sum(abs(sum(confidence - right for confidence, right in found)) for found in bins) / size
