"""The machine's own death: a power cut, another boot (rows 13 and 14)."""
import ctypes
import fcntl
import os
import struct
import subprocess
import uuid

from ground import state_of, until
from scenario import Skipped, expect, judge, scenario

EXT4_IOC_SHUTDOWN = 0x8004587D
CLONE_NEWNS = 0x20000
NO_LOG_FLUSH = 2  # What is not on the disk by now is gone, the file system's own journal included.

ADDER = r"""
n=0
while n=$((n+1)); "$SCHED" add "$1.$n" --at +1h --quiet -- true; do :; done
"""


def run_or_skip(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skipped(f"{' '.join(words[:3])}: {done.stderr.strip()[:100]}")


class Disk:
    """An ext4 in a file, whose power can be cut."""

    def __init__(self, directory):
        if os.getuid() != 0:
            raise Skipped("only root can mount")
        # In a mount namespace of our own: a copy of the mount in anybody else's would keep the dead
        # file system alive, and mounting anew would only show it again.
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS) != 0:
            raise Skipped("no mount namespace to be had")
        run_or_skip("mount", "--make-rprivate", "/")
        self.image, self.place = f"{directory}/disk", f"{directory}/mounted"
        with open(self.image, "wb") as file:
            file.truncate(64 << 20)
        os.mkdir(self.place)
        run_or_skip("mkfs.ext4", "-q", "-F", self.image)
        self.mount()

    def mount(self):
        run_or_skip("mount", "-o", "loop", self.image, self.place)

    def unmount(self):
        until(lambda: subprocess.run(["umount", self.place], capture_output=True, check=False).returncode == 0,
              "the disk can be unmounted", 20)

    def cut_power(self):
        handle = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(handle)


@scenario("13", quick={"cuts": 2, "adds": 40}, full={"cuts": 10, "adds": 300})
def power_cut_during_adds(ground, cuts, adds):
    """a disk that loses its power while adds go on: every acknowledged one is there"""
    disk = Disk(ground.directory)
    ground.environment["SCHED_STORE"] = ground.store = f"{disk.place}/store"
    environment = {**ground.environment, "SCHED": ground.program}
    acknowledged = 0
    try:
        for cut in range(cuts):
            path = f"{ground.directory}/acks{cut}"
            with open(path, "w", encoding="ascii") as acks, open(os.devnull, "w", encoding="ascii") as nowhere:
                children = [subprocess.Popen(["/bin/sh", "-c", ADDER, "adder", f"c{cut}.{i}"], env=environment,
                                             stdout=acks, stderr=nowhere) for i in range(4)]
            ground.children += children
            wanted = adds * (0.5 + ground.rng.random() / 2)
            until(lambda: os.path.getsize(path) and open(path, encoding="ascii").read().count("\n") >= wanted,
                  "so many adds", pause=0.002)
            # What is told after the cut counts for nothing: nobody would be there to tell it, and the
            # kernel itself then tells some callers of fdatasync that all is well (3 of 40 bare trials).
            with open(path, encoding="ascii") as file:
                told = set(file.read().rpartition("\n")[0].split())
            disk.cut_power()
            ground.faults += 1
            for child in children:
                child.wait(30)
            disk.unmount()
            disk.mount()
            acknowledged += len(told)
            there = {str(task["id"]) for task in ground.json("list")}
            expect(ground, told, "nothing was acknowledged")
            gone = {t for t in told if t.removeprefix("task-") not in there}
            expect(ground, not gone, f"cut {cut}: {len(gone)} acknowledged adds are gone: {sorted(gone)[:5]}")
            sound = ground.query("PRAGMA integrity_check")
            expect(ground, sound == [("ok",)], f"cut {cut}: {sound}")
        ground.notes.append(f"{acknowledged} adds were acknowledged before {cuts} cuts")
    finally:
        for child in ground.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        disk.unmount()


@scenario("13, 14", quick={"cuts": 1}, full={"cuts": 10})
def power_cut_during_runs(ground, cuts):
    """the disk of a store loses its power while runs go on, and the machine boots anew"""
    cut_power_during_runs(ground, cuts, new_boot)


@scenario("13", quick={"cuts": 1}, full={"cuts": 10})
def disk_lost_within_a_boot(ground, cuts):
    """the same without a boot: the file system is mounted anew under a machine that goes on"""
    cut_power_during_runs(ground, cuts, lambda ground: [])


def cut_power_during_runs(ground, cuts, boot_of):
    disk = Disk(ground.directory)
    ground.environment["SCHED_STORE"] = ground.store = f"{disk.place}/store"
    try:
        for cut in range(cuts):
            boot = boot_of(ground)
            ground.add([ground.standard(f"c{cut}.{i}", work=0.05, retries=9, backoff="fixed:0s",
                                        **{"retry-on": "lost"}) for i in range(60)])
            worker = ground.worker(idle=False, slots=4, before=boot)
            begun = ground.begun()
            until(lambda: ground.begun() >= begun + 20, "work goes on", pause=0.002)
            disk.cut_power()
            ground.faults += 1
            ground.kill(worker)
            # The power is off for them, too; and each that lives on has the dead disk in its namespace.
            until(lambda: not [ground.kill_pid(pid) for pid in ground.processes()], "all are dead")
            disk.unmount()
            disk.mount()
            worker = ground.worker(slots=8, before=boot_of(ground))
            worker.wait(60)
            expect(ground, worker.returncode == 0, f"the worker ended with {worker.returncode}")
        found = judge_cut(ground)
        ground.notes.append(f"{found.attempts} attempts, {found.lost} lost")
    finally:
        for child in ground.children:
            if child.poll() is None:
                child.kill()
                child.wait()
        for pid in ground.processes():
            os.kill(pid, 9)
        disk.unmount()


def judge_cut(ground):
    """Q, but for logs, which are not synced: what the disk lost of them is no one's promise."""
    from scenario import checker
    found = checker.check(ground.store, ground.history, 5.0)
    found.complaints = [(p, text) for p, text in found.complaints if "its log has not" not in text]
    ground.verdict.complaints += found.complaints
    for name in ("runs", "attempts", "lost", "doubled", "orphans", "false_successes"):
        setattr(ground.verdict, name, getattr(ground.verdict, name) + getattr(found, name))
    return found


def new_boot(ground):
    """Words that run a command as if the machine had booted anew."""
    if os.getuid() != 0:
        raise Skipped("only root can show another boot id")
    path = f"{ground.directory}/boot-{uuid.uuid4()}"
    with open(path, "w", encoding="ascii") as file:
        file.write(f"{uuid.uuid4()}\n")
    return ["unshare", "--mount", "/bin/sh", "-c",
            'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"', path]


@scenario("14", quick={"boots": 2}, full={"boots": 10})
def other_boot_during_runs(ground, boots):
    """worker and launcher die, and the next worker finds another boot id: what had begun is lost, the policy
    is applied once, and no process is signalled whose number meant something before"""
    done = ground.sched("list", before=new_boot(ground), code=None)
    if done.returncode != 0:
        raise Skipped(f"no mount namespace: {done.stderr[:80]}")
    for boot in range(boots):
        ground.add([ground.standard(f"again{boot}", work=0.3, retries=1, backoff="fixed:0s", **{"retry-on": "lost"}),
                    ground.standard(f"gone{boot}", work=0.3, retries=1)])
        worker = ground.worker(idle=False, slots=2, before=new_boot(ground))
        begun = ground.begun()
        until(lambda: ground.begun() == begun + 2, "both have begun")
        marks = ground.query("SELECT run_id, number FROM attempts WHERE outcome IS NULL")
        launcher = next(pid for pid in ground.launchers())
        ground.kill(worker)
        ground.kill_pid(launcher)
        # Somebody who has the mark of such a run, in this boot: he is not ours to kill.
        innocent = subprocess.Popen(["sleep", "60"], env={
            **ground.environment, "SCHED_RUN_ID": str(marks[0][0]), "SCHED_ATTEMPT": str(marks[0][1])})
        ground.children.append(innocent)
        worker = ground.worker(slots=2, before=new_boot(ground))
        worker.wait(60)
        expect(ground, state_of(innocent.pid) == "S", "a process of the new boot was signalled")
        innocent.kill()
        innocent.wait()
        ends = ground.query("SELECT t.name, a.number, a.outcome, a.reason FROM attempts AS a JOIN runs AS r"
                            " ON r.id = a.run_id JOIN tasks AS t ON t.id = r.task_id WHERE t.name IN (?, ?)"
                            " ORDER BY 1, 2", f"again{boot}", f"gone{boot}")
        told = [(name, number, outcome) for name, number, outcome, _ in ends]
        expect(ground, told == [(f"again{boot}", 1, "lost"), (f"again{boot}", 2, "succeeded"),
                                (f"gone{boot}", 1, "lost")], f"{ends}")
    judge(ground, ground.verdict)
