import asyncio, sys, pathlib
sys.path.insert(0,'/work/main')
import pytest
from tests.journeys.chat_script import read_script, _run
from tests.journeys.chat_lines import Talk
async def test_play(restaurant):
    script=read_script(pathlib.Path('/tmp/z2s/a.chat'))
    talk=Talk(restaurant)
    for s in script.steps:
        try: await _run(talk,s)
        except AssertionError as e: talk.lines.append(f'!! {e}')
    print('\n'.join(talk.lines))
