"""Ten faults in one cycle of `autodidact cycle`: the same command finishes it, and all invariants hold."""

import random

import pytest

from tests.chaos.invariants import broken, history_is_append_only, rows_of
from tests.chaos.on_the_command import STAGES, TEN, Command

pytestmark = pytest.mark.slow


def test_after_ten_faults_the_same_command_finishes_the_cycle_and_nothing_is_lost(tmp_path):
    command, chance = Command(tmp_path), random.Random(22)
    faults, rows = chance.sample(TEN, len(TEN)), rows_of(command.place)
    for fault in faults:
        stage = chance.choice(STAGES)
        ended = fault(command, stage, chance)
        print(f"{stage}: {fault.__doc__}: {ended}")
        assert "Traceback" not in ended
        before, rows = rows, rows_of(command.place)
        assert history_is_append_only(before, rows) == []
    finished = command.run()
    assert finished.process.returncode == 0, finished.lines
    assert broken(command.place, rows, rows_of(command.place)) == {}
    assert [cycle.kind for cycle in command.place.closed()] == ["live"]
