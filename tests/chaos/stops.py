"""What is stopped and not dead: workers, launchers, commands, a neighbour; and the signals that ask a
worker to stop (rows 8, 9, 10, 12)."""
import os
import pty
import signal
import subprocess
import sys
import time

from ground import state_of, until
from scenario import expect, judge, scenario
from storms import Storm, each_ran_once, many

# Holds the write lock and stops; lets go when it is woken.
HOLDER = ("import os, signal, sqlite3, sys\n"
          "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
          "db.execute('BEGIN IMMEDIATE')\n"
          "os.kill(os.getpid(), signal.SIGSTOP)\n"
          "db.execute('ROLLBACK')\n")


@scenario("8", quick={"tasks": 120, "stops": 4, "seconds": 1.0}, full={"tasks": 1500, "stops": 6, "seconds": 10.0})
def worker_stopped(ground, tasks, stops, seconds):
    """SIGSTOP of one of two workers: no loss, no repeat, no late overwrite"""
    storm = Storm(ground, 2, many(ground, tasks), slots=2)

    def stop():
        victim = storm.workers[ground.rng.randrange(2)]
        victim.send_signal(signal.SIGSTOP)
        ground.faults += 1
        time.sleep(seconds)  # This is the fault itself: so long it stands still.
        expect(ground, ground.json("status")["workers"], "status tells of no worker")
        victim.send_signal(signal.SIGCONT)
    storm.rage([stop] * stops)
    storm.end()
    judge(ground, ground.verdict)
    each_ran_once(ground)


@scenario("8", quick={"seconds": 1}, full={"seconds": 60})
def lock_holder_stopped(ground, seconds):
    """a stopped neighbour holds the write lock: reads work, writes are refused with the reason, all goes on after"""
    ground.add(many(ground, 40))
    worker = ground.worker(idle=False, slots=4)
    until(lambda: ground.begun() >= 4, "work goes on")
    neighbour = subprocess.Popen([sys.executable, "-c", HOLDER, f"{ground.store}/sched.db"])
    ground.children.append(neighbour)
    ground.faults += 1
    until(lambda: state_of(neighbour.pid) == "T", "the neighbour has stopped")
    expect(ground, len(ground.json("runs")) == 40, "reading is hindered")
    refused = ground.sched("add", "late", "--", "true", code=5)
    expect(ground, "busy" in refused.stderr and "sched add" in refused.stderr, f"not the reason: {refused.stderr}")
    time.sleep(seconds)  # The fault itself.
    expect(ground, worker.poll() is None, f"the worker gave up: {ground.last_words()}")
    neighbour.send_signal(signal.SIGCONT)
    ground.sched("wait", "--all", "--timeout", "60s")
    worker.terminate()
    expect(ground, worker.wait(30) == 0, "the worker does not drain")
    judge(ground, ground.verdict)
    each_ran_once(ground)
    expect(ground, "late" not in {task["name"] for task in ground.json("list")}, "a refused add is there")


@scenario("9", quick={"seconds": 3.0, "limit": "1s"}, full={"seconds": 60.0, "limit": "10s"})
def launcher_stopped(ground, seconds, limit):
    """SIGSTOP of a launcher: others go on, it is not declared dead, timeouts come true on SIGCONT"""
    ground.add([ground.standard(f"slow{i}", work=900, timeout=limit, **{"grace-kill": "1s"}) for i in range(2)])
    first = ground.worker(idle=False, slots=2)
    launcher = ground.until_listening(first)
    until(lambda: ground.begun() == 2, "both have begun")
    os.kill(launcher, signal.SIGSTOP)
    ground.faults += 1
    second = ground.worker(idle=False, slots=2)
    began = time.monotonic()
    ground.add(many(ground, 40))
    ground.sched("wait", *[f"t{i}" for i in range(40)], "--timeout", f"{int(seconds) + 60}s")
    time.sleep(max(0, seconds - (time.monotonic() - began)))  # The fault itself.
    slow = ground.query("SELECT state FROM runs AS r JOIN tasks AS t ON t.id = r.task_id WHERE t.name LIKE 'slow%'")
    expect(ground, slow == [("running",)] * 2, f"what a stopped launcher runs is {slow}")
    os.kill(launcher, signal.SIGCONT)
    ground.sched("wait", "slow0", "slow1", "--timeout", "20s", code=1)
    slow = ground.query("SELECT outcome FROM runs AS r JOIN tasks AS t ON t.id = r.task_id WHERE t.name LIKE 'slow%'")
    expect(ground, slow == [("timed_out",)] * 2, f"what came true on SIGCONT is {slow}")
    for worker in (first, second):
        worker.terminate()
        worker.wait(30)
    ground.finish()
    judge(ground, ground.verdict)


def freeze(ground, pids):
    """Puts processes into a frozen control group; None where there is none to be had."""
    for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
        if os.path.exists(f"{root}/cgroup.procs") and os.access(root, os.W_OK):
            group = f"{root}/{os.path.basename(ground.directory)}"
            os.mkdir(group)
            for pid in pids:
                with open(f"{group}/cgroup.procs", "w", encoding="ascii") as file:
                    file.write(str(pid))
            with open(f"{group}/cgroup.freeze", "w", encoding="ascii") as file:
                file.write("1")
            return group
    return None


@scenario("10", quick={})
def stopped_command_cancelled(ground):
    """a command that stopped itself, ignores SIGTERM or is frozen is cancelled within grace + 2 s"""
    grace = {"grace-kill": "1s"}
    ground.add([ground.standard("stopped", before="(sleep 777 &); kill -STOP $$; ", **grace),
                ground.standard("deaf", before="trap '' TERM; sleep 777 & while :; do sleep 1; done; ", **grace),
                ground.standard("frozen", work=777, before="sleep 777 & ", **grace)])
    worker = ground.worker(idle=False, slots=3)
    until(lambda: len(ground.processes(b"777")) >= 4, "all three run with their children")
    group = freeze(ground, [pid for pid in ground.processes() if b"SCHED_TASK=frozen" in
                            open(f"/proc/{pid}/environ", "rb").read()])
    if group is None:
        ground.notes.append("no control group to freeze in: the frozen one only sleeps")
    ground.faults += 3
    began = time.monotonic()
    ground.sched("cancel", "stopped", "deaf", "frozen")
    ground.sched("wait", "stopped", "deaf", "frozen", "--timeout", "20s", code=1)
    seconds = time.monotonic() - began
    expect(ground, seconds < 3, f"the end took {seconds:.1f} s")
    ends = ground.query("SELECT DISTINCT outcome FROM runs")
    expect(ground, ends == [("cancelled",)], f"they are {ends}")
    judge(ground, ground.verdict, seconds=max(0.0, 3 - seconds))
    worker.terminate()
    worker.wait(30)
    if group:
        until(lambda: not open(f"{group}/cgroup.procs", encoding="ascii").read(), "the group is empty")
        os.rmdir(group)


def stop_twice(ground, first, second, words):
    """A first signal drains, a second ends; answers the worker's end."""
    ground.add([ground.standard(f"{words}{i}", work=600 if i else 0.5, **{"grace-kill": "1s"}) for i in range(2)])
    ground.add([ground.standard(f"{words}later", after=[f"{words}0"])])
    worker = ground.worker(idle=False, slots=2)
    begun = ground.begun()
    until(lambda: ground.begun() == begun + 2, "both have begun")
    worker.send_signal(first)
    ground.sched("wait", f"{words}0", "--timeout", "20s")
    expect(ground, worker.poll() is None, f"the worker ended with its first signal: {worker.returncode}")
    later = ground.json("show", f"{words}later")["runs"][0]["state"]
    expect(ground, later != "running", f"{first!r} drains and something new is {later}")
    worker.send_signal(second)
    ground.faults += 2
    expect(ground, worker.wait(20) == 130, f"a second signal ends it with {worker.returncode}")
    end = ground.json("show", f"{words}1")["runs"][0]
    expect(ground, end["outcome"] == "cancelled", f"what ran is {end['outcome']}: {end['reason']}")
    ground.finish()


@scenario("12", quick={})
def signals_to_the_worker(ground):
    """SIGTERM drains, a second ends what runs; so does SIGINT"""
    stop_twice(ground, signal.SIGTERM, signal.SIGTERM, "term")
    stop_twice(ground, signal.SIGINT, signal.SIGTERM, "int")
    judge(ground, ground.verdict)


def on_terminal(ground):
    """A worker whose terminal is ours; answers its pid and the terminal."""
    pid, screen = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # As a login has it, also where we are under nohup.
        os.chdir(ground.directory)
        os.execve(ground.program, ["sched", "run", "--slots", "2"], ground.environment)
    return pid, screen


@scenario("12", quick={})
def terminal_of_the_worker(ground):
    """Ctrl-C drains, a terminal that goes away drains: what runs ends well, nothing new starts"""
    for words, strike in (("key", lambda screen: os.write(screen, b"\x03")), ("gone", os.close)):
        ground.add([ground.standard(f"{words}0", work=1.0), ground.standard(f"{words}1", after=[f"{words}0"])])
        pid, screen = on_terminal(ground)
        begun = ground.begun()
        until(lambda: ground.begun() == begun + 1, "the first has begun")
        strike(screen)
        ground.faults += 1
        until(lambda: state_of(pid) in "ZX", "the worker has ended", 20)
        _, status = os.waitpid(pid, 0)
        if words == "key":
            os.close(screen)
        expect(ground, os.waitstatus_to_exitcode(status) == 0, f"{words}: the worker ended with {status:#x}")
        ends = ground.query("SELECT t.name, r.outcome FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                            " WHERE t.name LIKE ? ORDER BY 1", f"{words}%")
        expect(ground, ends == [(f"{words}0", "succeeded"), (f"{words}1", None)], f"{words}: {ends}")
        ground.finish()
    judge(ground, ground.verdict)
