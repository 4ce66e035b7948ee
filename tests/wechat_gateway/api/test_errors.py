"""The error table."""

import pytest

from wechat_gateway.api.errors import ERROR_TABLE, Action, WeChatApiError, action_for


@pytest.mark.parametrize(
    ("codes", "action"),
    [
        ((-1, 45011), Action.RETRY_LATER),
        ((40001, 40014, 42001), Action.REFRESH_TOKEN),
        ((40013, 40125, 40164, 41002, 41004), Action.ALARM),
        ((40003, 40031, 40032, 43004, 50005), Action.UNREACHABLE),
        ((43019, 48002, 43101), Action.STOP_KIND),
        ((45015,), Action.WINDOW_CLOSED),
        ((45047,), Action.QUOTA_USED),
        ((45009,), Action.DAY_LIMIT),
        ((45065,), Action.SUCCESS),
        ((40007,), Action.REUPLOAD),
        ((40037, 47003, 40249, 43116, 48001, 48004), Action.ALARM),
        ((45002, 45008), Action.SPLIT),
        ((40029, 40163, 42003), Action.RESTART_LOGIN),
    ],
)
def test_what_to_do(codes: tuple[int, ...], action: Action) -> None:
    assert {action_for(code) for code in codes} == {action}
    assert all(ERROR_TABLE[code].meaning for code in codes)


def test_a_code_that_nobody_knows_needs_a_person() -> None:
    assert action_for(99999) is Action.ALARM


def test_an_error_says_what_it_means() -> None:
    assert str(WeChatApiError(45015, "response out of time limit rid: 1-2", Action.WINDOW_CLOSED, sent=False)) == (
        "45015: the window for customer messages is closed: response out of time limit rid: 1-2"
    )
    assert str(WeChatApiError(None, "the connection broke", Action.RETRY_LATER, sent=None)) == "no answer: the connection broke"
