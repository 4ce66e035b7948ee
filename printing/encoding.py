"""From lines to bytes: ESC/POS with strict GBK. Knows no paper width and no printer model.

Every command was chosen for what Chinese printers do with it. Source: reference printing §1.1, §1.3.
"""

from collections.abc import Sequence

from printing.layout import Laid, PrintedLine
from printing.tickets.ticket import Align, Beep, Cut, Qr, Size

_START = b"\x1b@\x1c&"  # reset; Chinese mode. Never a code page (ESC t) afterwards
_SIZE: dict[Size, bytes] = {1: b"\x1d!\x00", 2: b"\x1d!\x11"}  # GS !, which enlarges hanzi too; ESC ! may not
_BOLD = {False: b"\x1bE\x00", True: b"\x1bE\x01"}
_ALIGN: dict[Align, bytes] = {"left": b"\x1ba\x00", "center": b"\x1ba\x01"}
_CUT = b"\x1bd\x05\x1dV\x01"  # past the cutter first, or the last lines stay behind
_BEEP = b"\x1bB\x03\x02"  # three times; printers without a bell print a stray B, hence the switch
_QR_MODEL_2 = b"\x1d(k\x04\x00\x31\x41\x32\x00"
_QR_DOTS = b"\x1d(k\x03\x00\x31\x43\x06"
_QR_CORRECTION_M = b"\x1d(k\x03\x00\x31\x45\x31"
_QR_PRINT = b"\x1d(k\x03\x00\x31\x51\x30"


def encode(laid: Sequence[Laid], *, bell: bool = False) -> bytes:
    """Encode a laid-out ticket as one buffer.

    Args:
        laid: From `lay_out`; its text is GBK only.
        bell: Whether this printer is known to understand ESC B.
    """
    out = bytearray(_START)
    size: Size = 1
    bold = False
    align: Align = "left"
    for item in laid:
        wanted: Align = item.align if isinstance(item, PrintedLine) else "center" if isinstance(item, Qr) else "left"
        if wanted != align:
            align = wanted
            out += _ALIGN[align]
        match item:
            case PrintedLine():
                if item.size != size:
                    size = item.size
                    out += _SIZE[size]
                if item.bold != bold:
                    bold = item.bold
                    out += _BOLD[bold]
                out += item.text.encode("gbk") + b"\n"
            case Qr(data):
                out += _qr(data.encode())
            case Beep():
                out += _BEEP if bell else b""
            case Cut():
                out += _CUT
    return bytes(out)


def _qr(data: bytes) -> bytes:
    stored = b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"\x31\x50\x30" + data
    return _QR_MODEL_2 + _QR_DOTS + _QR_CORRECTION_M + stored + _QR_PRINT + b"\n"
