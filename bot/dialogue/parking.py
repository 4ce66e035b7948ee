"""The stack of flows: opening and raising them, and setting aside what lies idle. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.flows import Flows
from bot.dialogue.state import MOST_PARKED, Frame, State

STORE_CHOICE_LIFE = timedelta(hours=3)  # Source: CONVERSATION §2, "store chosen in the last 3 h"


def opened(state: State, flow: str, slots: Mapping[str, Any], now: datetime) -> State:
    """The state with a flow on top: a new frame, or the open one raised. There are never two of one flow; lists add up."""
    frame = state.frame(flow) or Frame(flow, now)
    lists = {name: [*frame.slots.get(name, ()), *value] for name, value in slots.items() if isinstance(value, list)}
    frame = replace(frame, slots=frame.slots | dict(slots) | lists, touched_at=now, version=None)
    parked = tuple(other for other in state.parked if other.flow != flow)
    return replace(state, stack=(*state.without(flow).stack, frame), parked=parked)


def set_aside(state: State, flows: Flows) -> State:
    """The state with the topmost frame parked; what only lingered has nothing left to do, and is gone."""
    if state.top is None or flows[state.top.flow].lingers:
        return state.without_top()
    waiting = replace(state.top, version=None, asked=None, tries=0)
    kept = tuple(frame for frame in state.parked if frame.flow != waiting.flow)
    return replace(state.without_top(), parked=(*kept, waiting)[-MOST_PARKED:])


def park_idle(state: State, now: datetime, flows: Flows) -> State:
    """Set aside every frame older than its flow's time to live, and forget what has had its time."""
    if any(frame.flow not in flows for frame in (*state.stack, *state.parked)):  # an older version of the program had more
        known = [tuple(frame for frame in frames if frame.flow in flows) for frames in (state.stack, state.parked)]
        state = replace(state, stack=known[0], parked=known[1])
    idle = tuple(frame for frame in state.stack if now - frame.touched_at > flows[frame.flow].time_to_live)
    if idle:
        kept = tuple(frame for frame in state.stack if frame not in idle)
        waiting = [frame for frame in idle if not flows[frame.flow].lingers]  # what only lingered has nothing left to do
        parked = (*state.parked, *(replace(frame, version=None, asked=None, tries=0) for frame in waiting))
        state = replace(state, stack=kept, parked=parked[-MOST_PARKED:], choices=None)
    if state.store_at and now - state.store_at > STORE_CHOICE_LIFE:
        state = replace(state, store_id=None, store_at=None)
    if state.person_until is not None and not state.with_person(now):
        state = replace(state, person_until=None)
    return state
