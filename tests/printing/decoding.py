"""Reads ESC/POS bytes back with the simulated printer's own decoder."""

from haowei.simulators.printers import Paper
from haowei.simulators.printers.interpreter import Interpreter


def decode(data: bytes, columns: int) -> list[Paper]:
    papers: list[Paper] = []
    interpreter = Interpreter("p1", columns, answer=lambda: None, automatic_status=lambda on: None, cut=papers.append)
    interpreter.feed(data)
    while interpreter.step():
        pass
    return papers
