"""Shop files to test with: the demo's, and a small one."""

from pathlib import Path

import haowei.demo
from domain.shop.document import ShopDocument
from domain.shop.reading import ShopFile, read_shop

DEMO = Path(haowei.demo.__file__).parent / "shop.yaml"

SMALL = """\
brand: {name: 好味, timezone: Asia/Shanghai}
stores:
  - id: east
    name: 东门店
    hours: {daily: ["10:30-14:00", "17:00-02:00"]}
    tables:
      - {code: A01, seats: 4, area: 大厅}
      - {code: A02, seats: 2}
    menu:
      except: [beer]
      prices: {rice: 3}
    printers:
      - {id: hot, connection: "tcp://127.0.0.1:9100", roles: [kitchen], stations: [热菜]}
      - {id: front, connection: "file:front.bin", width: 32, roles: [kitchen, receipt]}
  - id: west
    name: 西门店
    pay: first
    printers:
      - {id: one, connection: "usb:04b8:0e15"}
menu:
  - category: 热菜
    dishes:
      - {id: pork, name: 红烧肉, price: 58.00, aliases: [烧肉], station: 热菜, member_price: 52}
      - {id: tofu, name: 麻婆豆腐, price: 22}
  - category: 主食
    dishes:
      - {id: rice, name: 米饭, price: 2, unit: 碗}
      - {id: beer, name: 啤酒, price: 10}
"""


def shop(text: str) -> ShopFile:
    """A shop file from its text."""
    return read_shop(text.encode())


def document(text: str = SMALL) -> ShopDocument:
    """The document of a shop file."""
    return shop(text).document


def changed(old: str, new: str, text: str = SMALL) -> ShopDocument:
    """The small shop with one thing changed."""
    assert old in text
    return document(text.replace(old, new))
