"""Ticket printers that are not there: TCP servers that decode the bytes they really received.

Written from the ESC/POS descriptions alone; nothing of printing/ is used.
"""

from haowei.simulators.printers.paper import Paper, PaperLine
from haowei.simulators.printers.printer import Fault, PrinterSimulator

__all__ = ["Fault", "Paper", "PaperLine", "PrinterSimulator"]
