"""Stores that are damaged, gone, foreign, or in the wrong place (rows 29, 30, 34)."""
import os
import re
import shutil
import sqlite3
import time

import shim
from ground import until
from scenario import expect, judge, scenario
from storms import many
from times import cpu_seconds

LOOKS = (["list"], ["runs"], ["status"], ["add", "more", "--", "true"], ["run", "--until-idle", "--progress", "none"])
ONE_LINE = re.compile(r"^sched( [a-z]+)?: [^\n]+(\n  hint: [^\n]+)?\n$")


def prepare(ground):
    """A small store, whole in its one file."""
    ground.add(many(ground, 30))
    ground.finish()
    for tail in ("-wal", "-shm"):
        if os.path.exists(f"{ground.store}/sched.db{tail}"):
            os.remove(f"{ground.store}/sched.db{tail}")
    kept = os.path.join(ground.directory, "kept")
    shutil.copytree(ground.store, kept)
    with open(f"{kept}/sched.db", "rb") as file:
        return kept, bytearray(file.read())


def put_back(ground, kept, contents=None):
    shutil.rmtree(ground.store)
    shutil.copytree(kept, ground.store)
    if contents is not None:
        with open(f"{ground.store}/sched.db", "wb") as file:
            file.write(contents)


def foreign_database(path):
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE somebody (elses)")
    db.commit()
    db.close()


def empty_database(path):
    db = sqlite3.connect(path)
    db.execute("VACUUM")
    db.close()


@scenario("29", quick={})
def damaged_stores(ground):
    """truncated, empty, foreign, of a newer schema, gone: refused with the reason, and nothing is changed"""
    kept, whole = prepare(ground)
    path = f"{ground.store}/sched.db"

    def alter_by_hand(sql):
        db = sqlite3.connect(path, isolation_level=None)
        db.execute(sql)
        db.close()

    def replace(make):
        os.remove(path)
        make(path)
        os.chmod(path, 0o600)
    header = bytearray(whole)
    header[0:6] = b"nonsen"
    cases = {
        "truncated in the middle": (lambda: os.truncate(path, len(whole) // 2), "damaged"),
        "truncated to a page": (lambda: os.truncate(path, 4096), "damaged"),
        "truncated to nothing": (lambda: os.truncate(path, 0), "empty"),
        "a header of nonsense": (lambda: put_back(ground, kept, header), "no store of sched"),
        "zeros": (lambda: put_back(ground, kept, bytes(len(whole))), "no store of sched"),
        "text": (lambda: put_back(ground, kept, b"dear diary\n" * 500), "no store of sched"),
        "another program's database": (lambda: replace(foreign_database), "another program"),
        "a database with nothing in it": (lambda: replace(empty_database), "empty"),
        "of a newer schema": (lambda: alter_by_hand("PRAGMA user_version = 999"), "newer"),
        "gone": (lambda: os.remove(path), "gone"),
    }
    for what, (hurt, says) in cases.items():
        for words in LOOKS:
            put_back(ground, kept)
            hurt()
            ground.faults += 1
            before = open(path, "rb").read() if os.path.exists(path) else None
            done = ground.sched(*words, code=None, timeout=30)
            where = f"{what}: {' '.join(words)}"
            expect(ground, done.returncode == 5, f"{where} ended with {done.returncode}: {done.stdout[:80]}")
            expect(ground, says in done.stderr, f"{where} says {done.stderr!r}, not {says!r}")
            expect(ground, ONE_LINE.match(done.stderr), f"{where} says more than a line and a hint: {done.stderr!r}")
            after = open(path, "rb").read() if os.path.exists(path) else None
            expect(ground, before == after, f"{where} changed the file")


@scenario("29", quick={})
def worker_meets_a_damaged_page(ground):
    """a page that the worker alone reads is damaged: it says so and ends, and is not waited for without end"""
    prepare(ground)
    ground.add([ground.standard("more")])
    ground.sched("run", "--until-idle", "--progress", "none")  # It ends with a checkpoint: all is in the file.
    page = ground.query("SELECT rootpage FROM sqlite_schema WHERE name = 'runs_due'")[0][0]
    with open(f"{ground.store}/sched.db", "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    ground.faults += 1
    done = ground.sched("run", "--until-idle", "--progress", "none", code=5, timeout=60)
    expect(ground, "damaged" in done.stderr, f"it says {done.stderr!r}")


@scenario("29", quick={"flips": 40}, full={"flips": 600})
def flipped_bytes(ground, flips):
    """a byte flipped anywhere: told as damage or harmless; never a crash, a hang or an empty store"""
    kept, whole = prepare(ground)
    told = 0
    for _ in range(flips):
        hurt = bytearray(whole)
        # Half of them where pages begin, where structure is.
        place = ground.rng.randrange(len(whole))
        if ground.rng.random() < 0.5:
            place = place // 4096 * 4096 + ground.rng.randrange(16)
        hurt[place] ^= 1 << ground.rng.randrange(8)
        words = ground.rng.choice(LOOKS)
        put_back(ground, kept, hurt)
        ground.faults += 1
        done = ground.sched(*words, code=None, timeout=60)
        where = f"byte {place}: {' '.join(words)}"
        expect(ground, done.returncode in (0, 1, 5), f"{where} ended with {done.returncode}: {done.stderr[-200:]}")
        if done.returncode == 5:
            told += 1
            # A worker warns when it is refused, and goes on trying for a while.
            words_of_end = re.sub(r"^sched run: warning: [^\n]+\n", "", done.stderr)
            expect(ground, ONE_LINE.match(words_of_end), f"{where} says {done.stderr!r}")
        if words == ["list"] and done.returncode == 0:
            expect(ground, len(done.stdout.split("\n")) > 25, f"{where} shows an empty store: {done.stdout[:200]}")
    ground.notes.append(f"{told} of {flips} flips were told by the first command")


def under_a_worker(ground, strike, mend, says):
    """Strikes the store of a worker at work; it says so, starts nothing new, and goes on when mended."""
    ground.add(many(ground, 200))
    worker = ground.worker(idle=False, slots=4)
    until(lambda: ground.begun() >= 20, "work goes on")
    strike()
    ground.faults += 1
    until(lambda: says in ground.last_words(), lambda: f"the worker says {says!r}: {ground.last_words()!r}", 10)
    until(lambda: not [p for p in ground.processes(b"standard")], "what ran has ended", 10)
    begun, cpu, moment = ground.begun(), cpu_seconds(worker.pid), time.monotonic()
    refused = ground.sched("add", "meanwhile", "--", "true", code=None)
    expect(ground, refused.returncode == 5 or "replaced" in says, f"add ended with {refused.returncode}")
    expect(ground, worker.poll() is None, f"the worker ended with {worker.returncode}: {ground.last_words()}")
    until(lambda: time.monotonic() > moment + 2, "two seconds")
    expect(ground, ground.begun() == begun, "it goes on starting what it can't keep")
    expect(ground, cpu_seconds(worker.pid) - cpu < 0.5, "it spins while it waits")
    mend()
    ground.sched("wait", "--all", "--timeout", "60s")
    worker.terminate()
    expect(ground, worker.wait(30) == 0, "the worker does not drain")
    judge(ground, ground.verdict)


@scenario("30", quick={})
def store_gone_under_a_worker(ground):
    """the database is moved away under a worker: noticed, nothing new starts, results are kept till it is back"""
    def move(old, new):
        for tail in ("", "-wal", "-shm"):
            if os.path.exists(f"{ground.store}/{old}{tail}"):
                os.rename(f"{ground.store}/{old}{tail}", f"{ground.store}/{new}{tail}")
    under_a_worker(ground, lambda: move("sched.db", "away"), lambda: move("away", "sched.db"), "removed")


@scenario("30", quick={})
def store_replaced_under_a_worker(ground):
    """the database is replaced by another under a worker: noticed, nothing of it is touched or started"""
    other, mine = os.path.join(ground.directory, "other"), os.path.join(ground.directory, "mine")
    os.mkdir(mine)
    ground.sched("add", "another", "--", "true", env={"SCHED_STORE": other})

    def swap(to, back):
        for tail in ("", "-wal", "-shm"):
            if os.path.exists(f"{ground.store}/sched.db{tail}"):
                os.rename(f"{ground.store}/sched.db{tail}", f"{back}/sched.db{tail}")
            if os.path.exists(f"{to}/sched.db{tail}"):
                os.rename(f"{to}/sched.db{tail}", f"{ground.store}/sched.db{tail}")

    under_a_worker(ground, lambda: swap(other, mine), lambda: swap(mine, other), "replaced")


@scenario("34", quick={})
def network_file_system(ground):
    """a store on a network file system is refused by the first command, with the reason"""
    lie = shim.build(ground, "network", shim.NETWORK)
    for words in (["add", "a", "--", "true"], ["list"], ["run", "--until-idle"]):
        done = ground.sched(*words, code=5, env=lie)
        ground.faults += 1
        expect(ground, "network" in done.stderr and "nfs" in done.stderr, f"{words} says {done.stderr!r}")
        expect(ground, ONE_LINE.match(done.stderr), f"{words} says {done.stderr!r}")
        left = os.listdir(ground.store) if os.path.exists(ground.store) else []
        expect(ground, not left, f"{words} left {left}")
