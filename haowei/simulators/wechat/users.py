"""What the platform tells an account about a diner."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from haowei.simulators.wechat.diners import Diner
from haowei.simulators.wechat.endpoints import Endpoint
from haowei.simulators.wechat.errors import ApiError


def endpoints(diners: Mapping[str, Diner]) -> list[Endpoint]:
    """user/info, without name and picture: the platform gives none since the end of 2021."""

    async def info(request: web.Request) -> dict[str, Any]:
        diner = diners.get(request.query.get("openid", ""))
        if diner is None:
            raise ApiError(40003)
        if diner.followed_at is None:
            return {"subscribe": 0, "openid": diner.openid}
        return {
            "subscribe": 1,
            "openid": diner.openid,
            "nickname": "",
            "sex": 0,
            "language": "zh_CN",
            "city": "",
            "province": "",
            "country": "",
            "headimgurl": "",
            "subscribe_time": int(diner.followed_at.timestamp()),
            "remark": "",
            "groupid": 0,
            "tagid_list": [],
            "subscribe_scene": "ADD_SCENE_QR_CODE" if diner.followed_by_scene else "ADD_SCENE_SEARCH",
            "qr_scene": 0,
            "qr_scene_str": diner.followed_by_scene,
        }

    return [Endpoint("GET", "/cgi-bin/user/info", info)]
