"""A small shop for tests of the domain."""

from domain.shop.reading import read_shop
from domain.shop.snapshot import ShopSnapshot, snapshot_of

_SHOP = """
brand: {name: 小馆, timezone: Asia/Shanghai}
stores:
  - id: one
    name: 一店
    hours: {daily: ["10:00-22:00"]}
    pay: after
    tables: [{code: A01, seats: 4}, {code: A02, seats: 4}]
  - id: first
    name: 先付店
    pay: first
    service_fee: "0.10"
    tables: [{code: A01, seats: 4}]
    menu: {except: [fish], prices: {pork: "60.00"}}
menu:
  - category: 热菜
    dishes:
      - {id: pork, name: 红烧肉, price: "58.00", member_price: "52.00", station: 热菜}
      - id: tofu
        name: 麻婆豆腐
        price: "22"
        station: 热菜
        options:
          - {name: 辣度, min: 1, max: 1, choices: [{name: 微辣}, {name: 特辣}]}
          - {name: 加料, max: 2, choices: [{name: 加肉末, price: "5"}, {name: 加蛋, price: "3"}, {name: 加葱}]}
      - {id: fish, name: 鱼, price: "68", step: "0.5", unit: 斤, station: 热菜}
      - {id: soup, name: 早点汤, price: "5", available: ["06:00-09:00"], station: 热菜, packaging_fee: "1"}
"""


def small_shop(version: int = 1) -> ShopSnapshot:
    """Two stores, four dishes."""
    return snapshot_of(read_shop(_SHOP.encode()).document, version=version)
