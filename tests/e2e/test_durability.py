"""Power cuts under load: what was acknowledged is there afterwards.

RIALTO_SOAK is the number of rounds (5), RIALTO_SEED makes a run again. A round
lets many sessions work, kills the daemon at a random moment, starts it again
and looks for everything that was answered with "== ok" in all rounds so far.
"""

import os
import random
import subprocess

import pytest

from lives import Life, check_all, kill_at_work
from moderators import Trail, appoint, check_moderators

ROUNDS = int(os.environ.get("RIALTO_SOAK") or 5)
SEED = int(os.environ.get("RIALTO_SEED") or random.randrange(10**9))
LIVES = 8  # sessions at work at once
CHECKED = 200  # users looked at after each round


def test_what_was_acknowledged_survives_a_power_cut(daemons):
    print(f"RIALTO_SEED={SEED}")
    dice = random.Random(SEED)
    daemon = daemons.new(chat={"rooms_per_user": 1000},
                         users={"lockout": "none"}).start()
    all = []
    for number in range(ROUNDS):
        fresh = [Life(f"u{number}-{i}") for i in range(LIVES // 2)]
        lives = fresh + dice.sample(all, min(len(all), LIVES - len(fresh)))
        done = kill_at_work(daemon, lives, dice, 600)
        daemon.start()
        all += fresh
        looked_at = lives + dice.sample(all, min(len(all), CHECKED))
        check_all(daemon, dict.fromkeys(looked_at))
        print(f"round {number}: {done} acknowledged, all there")
    daemon.stop()
    result = daemon.offline("--verify")
    assert result.returncode == 0, result.stderr


def test_no_moderating_act_is_lost(daemons):
    """Nor its record; and what was not acknowledged has both, or neither."""
    print(f"RIALTO_SEED={SEED}")
    dice = random.Random(SEED)
    daemon = daemons.new().start()
    moderators = appoint(daemon, LIVES)
    trail = Trail(daemon)
    for number in range(ROUNDS):
        done = kill_at_work(daemon, moderators, dice, 600)
        if number % 2:
            result = daemon.offline("--verify")
            assert result.returncode == 0, result.stderr
        daemon.start()
        check_moderators(daemon, moderators, trail)
        result = daemon.ctl("audit", "verify")
        assert result.returncode == 0, result.stderr
        print(f"round {number}: {done} acts, all there and recorded")


def test_a_cut_during_recovery_is_recovered(daemons):
    """Killed again and again while it starts, it starts in the end."""
    daemon = daemons.new(users={"lockout": "none"},
                         chat={"rooms_per_user": 1000}).start()
    dice = random.Random(SEED)
    lives = [Life(f"u{i}") for i in range(LIVES)]
    kill_at_work(daemon, lives, dice, 400)
    for _ in range(5):
        daemon.spawn()
        with pytest.raises(subprocess.TimeoutExpired):
            daemon.process.wait(dice.uniform(0, 0.03))
        daemon.kill()
    daemon.start()
    check_all(daemon, lives)
