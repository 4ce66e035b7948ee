"""The API as the running program serves it: a token from the command line, and one act that the next process knows, too."""

from typing import Any

import aiohttp
import pytest

from tests.line.restaurant import Restaurant


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_till_with_a_token_of_the_command_line_acts_once_over_two_lives_of_the_program(restaurant: Restaurant) -> None:
    made = await restaurant.runs("token", "create", "--store", "dongmen", "--scope", "till")
    headers = {"Authorization": f"Bearer {made.strip()}", "Idempotency-Key": "k1"}

    async def gives_number(http: aiohttp.ClientSession) -> tuple[int, dict[str, Any], str]:
        web = await restaurant.starts("web")
        async with http.post(f"{web.address}/api/v1/waitlist", json={"people": 2}, headers=headers) as response:
            answer = response.status, await response.json(), response.headers.get("Idempotent-Replayed", "")
        await web.stop()
        return answer

    async with aiohttp.ClientSession() as http:
        first, again = await gives_number(http), await gives_number(http)

    assert (first[0], first[2]) == (201, "")
    assert again == (201, first[1], "true")
