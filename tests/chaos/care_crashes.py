"""A crash at every system call of the commands that take care of a store (rows 7, 27, 28, 33)."""
import os
import sqlite3

from command_crashes import ALL, SOME, contents, crash_command, with_tasks
from scenario import Skipped, expect, scenario


def some_past(ground, runs=3):
    """Runs that have ended, with logs, and tasks that wait."""
    ground.add([ground.standard(f"past{i}") for i in range(runs)])
    ground.finish()
    with_tasks(ground)


def backups(ground):
    """What each finished backup holds, oldest first; each must be sound. The unfinished one is not
    counted."""
    place = f"{ground.store}/backups"
    names = sorted(name for name in os.listdir(place) if name.endswith(".db")) if os.path.isdir(place) else []
    found = []
    for name in names:
        db = sqlite3.connect(f"file:{place}/{name}?mode=ro", uri=True)
        sound = db.execute("PRAGMA integrity_check").fetchall()
        db.close()
        expect(ground, sound == [("ok",)], f"{name}: {sound}")
        found.append(contents(ground, f"{place}/{name}"))
    return found, contents(ground)


@scenario("7, 27", quick=SOME, full=ALL)
def backup_dies(ground, some):
    """backup is killed at every call: a whole one under its name, or none"""
    some_past(ground)
    place = f"{ground.store}/backups"

    def one_more():
        ground.sched("backup", place)
        expect(ground, not [n for n in os.listdir(place) if n.startswith(".")], "an unfinished backup is left")
        os.unlink(f"{place}/{max(n for n in os.listdir(place))}")
        if not os.listdir(place):
            ground.sched("backup", place)

    crash_command(ground, some, ["backup", place], prints=False, look=backups, repair=one_more)


@scenario("7, 27", quick=SOME, full=ALL)
def backup_that_keeps_one_dies(ground, some):
    """backup --keep 1 is killed at every call: the older one goes only when the new one is there"""
    some_past(ground)
    place = f"{ground.store}/backups"
    ground.sched("backup", place)
    older = contents(ground)
    ground.sched("add", "more", "--manual", "--", "true")
    newer = contents(ground)
    crash_command(ground, some, ["backup", place, "--keep", "1"], prints=False, look=backups,
                  between=[([older, newer], newer)], repair=lambda: ground.sched("backup", place, "--keep", "1"))


@scenario("7, 28", quick=SOME, full=ALL)
def restore_dies(ground, some):
    """restore is killed at every call: the store is the old one or the backup"""
    some_past(ground)
    place = f"{ground.directory}/backups"
    file = ground.sched("backup", place).stdout.strip()
    ground.add([ground.standard("newer"), ground.standard("later", at="+1h")])
    ground.finish()

    def look(ground):
        ground.sched("list")  # Whoever comes next finishes what was decided.
        return contents(ground)

    crash_command(ground, some, ["restore", file], prints=False, look=look,
                  repair=lambda: ground.sched("restore", file))


@scenario("7, 33", quick=SOME, full=ALL)
def prune_dies(ground, some):
    """prune is killed at every call: what it removes goes with its log, what stays keeps it"""
    some_past(ground, 5)

    def logs():
        return {file for _, _, files in os.walk(f"{ground.store}/logs") for file in files}

    def look(ground):
        kept = [run for run, in ground.query("SELECT id FROM runs WHERE outcome = 'succeeded'")]
        return contents(ground), [run for run in kept if f"{run}.1.out" not in logs()]

    def repair():
        ground.sched("prune", "--keep", "0")
        expect(ground, not logs(), f"logs are left: {logs()}")

    crash_command(ground, some, ["prune", "--keep", "0"], prints=False, look=look, repair=repair)


@scenario("7, 33", quick=SOME, full=ALL)
def migration_dies(ground, some):
    """a migration to a newer schema, done by whichever command comes first, is killed at every call"""
    next_program = os.path.join(os.path.dirname(ground.program), "tests/chaos/sched_next")
    if not os.path.exists(next_program):
        raise Skipped("sched_next, the program with one migration more, was not built")
    some_past(ground)

    def repair():
        ground.program, usual = next_program, ground.program
        ground.sched("list")
        ground.program = usual

    crash_command(ground, some, ["list"], prints=False, program=next_program, repair=repair)
