"""A crash at every system call of the commands that take care of a store (rows 7, 27, 28, 33)."""
import os
import shutil
import sqlite3
import time

from command_crashes import ALL, SOME, contents, crash_command, with_tasks
from scenario import Skipped, expect, scenario
from strace import Prepared


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


def next_program(ground):
    program = os.path.join(os.path.dirname(ground.program), "tests/chaos/sched_next")
    if not os.path.exists(program):
        raise Skipped("sched_next, the program with one migration more, was not built")
    return program


@scenario("7, 33", quick=SOME, full=ALL)
def migration_dies(ground, some):
    """a migration to a newer schema, done by whichever command comes first, is killed at every call"""
    program = next_program(ground)
    some_past(ground)

    def repair():
        ground.program, usual = program, ground.program
        ground.sched("list")
        ground.program = usual

    crash_command(ground, some, ["list"], prints=False, program=program, repair=repair)


def schema(ground):
    """(version, how much of what the migration makes is there, rows, rows without what it gives each)"""
    db = sqlite3.connect(f"file:{ground.store}/sched.db?mode=ro", uri=True, timeout=30)
    made = db.execute("SELECT count(*) FROM sqlite_schema WHERE name IN ('labels', 'runs_weight')").fetchone()[0]
    weighed = db.execute("SELECT count(*) FROM pragma_table_info('runs') WHERE name = 'weight'").fetchone()[0]
    rows, = db.execute("SELECT count(*) FROM runs").fetchone()
    bare, = db.execute(f"SELECT count(*) FROM runs WHERE {'weight <> 1 + attempts' if weighed else 'true'}").fetchone()
    version, = db.execute("PRAGMA user_version").fetchone()
    db.close()
    return version, made + weighed, rows, bare


@scenario("33", quick={"rows": 3000, "kills": 4}, full={"rows": 100000, "kills": 20})
def large_migration_killed(ground, rows, kills):
    """a migration of many rows is killed at some moment of its work: the old schema or the new one"""
    usual, program = ground.program, next_program(ground)
    ground.add([{"name": f"t{i}", "command": ["true"], "at": "+1h", "tag": ["many"]} for i in range(rows)])
    prepared = Prepared(ground)
    before = schema(ground)
    ground.program = program
    began = time.monotonic()
    ground.sched("list", "--limit", "1")
    took = time.monotonic() - began
    after = schema(ground)
    expect(ground, before == (1, 0, rows, rows) and after == (2, 3, rows, 0), f"from {before} it leads to {after}")
    between = 0
    for _ in range(kills):
        prepared.restore()
        command = ground.start("list", "--limit", "1")
        time.sleep(ground.rng.uniform(0, took))
        between += command.poll() is None
        ground.kill(command)
        now = schema(ground)
        expect(ground, now in (before, after), f"between the schemas: {now}")
        ground.sched("list", "--limit", "1")
        expect(ground, schema(ground) == after, f"the next one leads to {schema(ground)}")
    ground.notes.append(f"{rows} rows take {took:.2f} s; killed within that: {between} of {kills}")
    prepared.restore()
    shutil.rmtree(prepared.kept, ignore_errors=True)
    ground.program = usual
