"""A crash at every system call that leaves a trace, of the commands: what each does is done wholly or
not at all, and is there if it said so (row 7)."""
import json
import os
import shutil
import sqlite3

from scenario import expect, scenario
from strace import Prepared, count, counting, killing, points, strace_or_skip

CRONTAB = "".join(f"{minute} 2 * * * /bin/true job {minute}\n" for minute in range(5))


# Their first rows come with the store.
MADE_WITH = {"queues", "lanes", "tallies"}


def contents(ground, file=None):
    """All rows but for moments that differ from one time to the next; empty without a store."""
    file = file or f"{ground.store}/sched.db"
    if not os.path.exists(file):
        return {}
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
    try:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"
                                               " AND name NOT LIKE 'sqlite%' ORDER BY 1")]
        found = {}
        for table in tables:
            cursor = db.execute(f"SELECT * FROM {table} ORDER BY 1, 2" if table != "surroundings" else
                                "SELECT * FROM surroundings")
            names = [column[0] for column in cursor.description]
            # A rank is a moment too: since when a run waits.
            rows = [tuple(v for n, v in zip(names, row) if not n.endswith("_ms") and n != "rank")
                    for row in cursor]
            if rows:
                found[table] = rows
        if not set(found) - MADE_WITH:
            return {}  # One in which nothing was kept is none to whoever reads it.
        found["version"] = db.execute("PRAGMA user_version").fetchall()
        return found
    finally:
        db.close()


def crash_command(ground, some, words, stdin="", prints=True, look=contents, between=(), program=None, repair=None):
    """Kills one command at every call; what it does is there wholly or not at all, what it printed
    is there, and exit 0 means both. With `prints` a good end and a word on stdout come together (others
    still have words for stderr to say by then). `look` tells what is there; `between` are states that may be met
    as well; `program` is another one than the ground's; `repair` is done after each death, and must
    then lead to what the command was to do."""
    strace_or_skip()
    usual, program = ground.program, program or ground.program
    prepared = Prepared(ground)
    before = look(ground)
    calls = os.path.join(ground.directory, "calls")

    def command(**more):
        ground.program = program
        try:
            return ground.sched(*words, stdin=stdin, **more)
        finally:
            ground.program = usual

    command(before=counting(calls))
    after = look(ground)
    expect(ground, before != after, f"{words} changes nothing, so this tests nothing")
    chosen = points(ground, count(calls), some)
    ground.notes.append(f"{words[0]}: {len(chosen)} of {sum(count(calls).values())} calls")
    for call, number in chosen:
        prepared.restore()
        done = command(before=killing(call, number), code=None)
        ground.faults += done.returncode != 0
        where = f"{' '.join(words)}, {call} {number}"
        now = look(ground)
        expect(ground, now in (before, after, *between), f"{where}: neither done nor not: {now}")
        if done.returncode == 0 or done.stdout:
            expect(ground, now in (after, *between), f"{where}: said {done.stdout!r}, ended {done.returncode}, not there")
        if done.returncode == 0:
            expect(ground, now == after, f"{where}: ended well, and is done in part")
        if prints:
            expect(ground, bool(done.stdout) == (done.returncode == 0),
                   f"{where}: said {done.stdout!r} and ended with {done.returncode}")
        # Whoever comes next is not hindered, and leaves nothing half made.
        if repair is not None:
            repair()
            expect(ground, look(ground) == after, f"{where}: done anew it leads elsewhere")
        ground.program = program
        ground.sched("add", "next", "--manual", "--", "true")
        ground.program = usual
        db = sqlite3.connect(f"{ground.store}/sched.db")
        sound = db.execute("PRAGMA integrity_check").fetchall() + db.execute("PRAGMA foreign_key_check").fetchall()
        db.close()
        expect(ground, sound == [("ok",)], f"{where}: {sound}")
        stray = [name for name in os.listdir(ground.store) if name.startswith(("sched.db.", "restore."))]
        expect(ground, not stray, f"{where}: left {stray}")
    prepared.restore()
    shutil.rmtree(prepared.kept, ignore_errors=True)


def with_tasks(ground):
    ground.add([ground.standard("a", at="+1h"), ground.standard("b", after=["a"]), ground.standard("c", at="+1h")])


SOME = {"some": 8}
ALL = {"some": None}


@scenario("7", quick={"some": 12}, full=ALL)
def first_add_dies(ground, some):
    """the very first add, which makes the store, is killed at every call"""
    crash_command(ground, some, ["add", "first", "--at", "+1h", "--", "true"])


@scenario("7", quick=SOME, full=ALL)
def add_dies(ground, some):
    """add is killed at every call"""
    with_tasks(ground)
    crash_command(ground, some, ["add", "d", "--after", "a", "--after", "c:done", "--", "true"])


@scenario("7", quick=SOME, full=ALL)
def add_of_many_dies(ground, some):
    """add --from is killed at every call: all of its tasks or none"""
    with_tasks(ground)
    tasks = [ground.standard(f"t{i}", at="+1h") for i in range(20)]
    crash_command(ground, some, ["add", "--from", "-"], stdin="\n".join(json.dumps(task) for task in tasks))


@scenario("7", quick=SOME, full=ALL)
def edit_dies(ground, some):
    """edit is killed at every call"""
    with_tasks(ground)
    crash_command(ground, some, ["edit", "a", "--priority", "5", "--retries", "3", "--tag", "new"], prints=False)


@scenario("7", quick=SOME, full=ALL)
def cancel_dies(ground, some):
    """cancel is killed at every call, with what it skips below"""
    with_tasks(ground)
    crash_command(ground, some, ["cancel", "a"], prints=False)


@scenario("7", quick=SOME, full=ALL)
def rm_dies(ground, some):
    """rm is killed at every call"""
    with_tasks(ground)
    crash_command(ground, some, ["rm", "c"], prints=False)


@scenario("7", quick=SOME, full=ALL)
def import_dies(ground, some):
    """import of a crontab is killed at every call: all of its jobs or none"""
    with_tasks(ground)
    with open(os.path.join(ground.directory, "crontab"), "w", encoding="ascii") as file:
        file.write(CRONTAB)
    crash_command(ground, some, ["import", "crontab", os.path.join(ground.directory, "crontab")], prints=False)


@scenario("7", quick={"some": 4}, full=ALL)
def other_changes_die(ground, some):
    """start, retry, hold and pause are killed at every call"""
    ground.add([ground.standard("m", manual=True), ground.standard("n", after=["m"]), ground.standard("f", fails=9)])
    ground.finish()
    with_tasks(ground)
    for words in (["start", "m"], ["retry", "f"], ["hold", "a"], ["pause", "c"]):
        crash_command(ground, some, words, prints=False)


@scenario("7", quick={"some": 3}, full=ALL)
def changes_of_order_die(ground, some):
    """what changes dead letters, queues, resources, tags and breakers is killed at every call"""
    ground.add([ground.standard("f", fails=9), ground.standard("g", fails=9)])
    ground.finish()
    ground.sched("queue", "add", "night")
    for words in (["dead", "resolve", "f", "--note", "seen"], ["dead", "purge", "g"],
                  ["queue", "add", "day", "--policy", "fair"], ["queue", "edit", "night", "--slots", "2", "--rate", "1/h"],
                  ["resource", "add", "licence", "2"], ["tag", "edit", "mail", "--breaker", "3"], ["breaker", "open", "tag:mail", "--for", "1h"]):
        crash_command(ground, some, words, prints=False)
        ground.sched(*words)
