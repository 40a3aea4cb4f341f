"""What a scenario is, and how one is run: on a ground of its own, judged by the checker."""
import dataclasses
import os
import time
import traceback

import checker
from ground import Broken, Ground

ALL = {}  # name -> Scenario, in the order of the modules


class Skipped(Exception):
    """Can't be tried here; the text says why."""


@dataclasses.dataclass
class Scenario:
    name: str
    rows: str  # which of the faults it stands for
    what: str
    play: object
    quick: dict
    full: dict
    in_quick: bool


def scenario(rows, quick=None, full=None):
    """Names a function as a scenario. `quick` and `full` are its sizes; without `quick` it is left to
    the full set."""
    def keep(play):
        name = play.__name__
        ALL[name] = Scenario(name, rows, (play.__doc__ or "").strip().split("\n")[0], play, quick or {},
                             full if full is not None else quick or {}, quick is not None)
        return play
    return keep


@dataclasses.dataclass
class Result:
    scenario: Scenario
    seconds: float = 0.0
    faults: int = 0
    verdict: checker.Verdict = dataclasses.field(default_factory=checker.Verdict)
    notes: list = dataclasses.field(default_factory=list)
    skipped: str = ""
    directory: str = ""

    def good(self):
        return not self.verdict.complaints


def judge(ground, verdict, seconds=15.0):
    """Standard check Q, added to what was found before in the same scenario."""
    found = checker.check(ground.store, ground.history, seconds)
    verdict.complaints += found.complaints
    for name in ("runs", "attempts", "lost", "doubled", "orphans", "false_successes"):
        setattr(verdict, name, getattr(verdict, name) + getattr(found, name))
    return found


def play(chosen, program, seed, size, keep):
    """Runs one scenario to its verdict."""
    result = Result(chosen)
    ground = Ground(program, seed)
    ground.verdict = result.verdict
    ground.notes = result.notes
    began = time.monotonic()
    try:
        chosen.play(ground, **size)
    except Skipped as why:
        result.skipped = str(why)
    except Broken as why:
        result.verdict.say(0, str(why))
    except Exception:  # pylint: disable=broad-except  (the others are still to be played)
        result.verdict.say(0, traceback.format_exc())
    finally:
        result.seconds = time.monotonic() - began
        result.faults = ground.faults
        ground.close(keep or not result.good())
    if os.path.isdir(ground.directory):
        result.directory = ground.directory
    return result


def expect(ground, holds, text):
    """A rule of this scenario's own, beside Q."""
    if not holds:
        ground.verdict.say(0, text)
