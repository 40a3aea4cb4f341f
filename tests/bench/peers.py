"""Other programs at the same work, each at its best settings; those that are not installed are named.

Durable: what was acknowledged survives a power cut. None of them but sched and the SQLite shell is.
"""
import os
import shutil
import subprocess
import time

import measure

# name: (program, what of a crash it survives)
DRAINERS = {
    "make -jN": ("make", "keeps nothing"),
    "xargs -P": ("xargs", "keeps nothing"),
    "ninja": ("ninja", "a log of what was built, not synced"),
    "GNU parallel": ("parallel", "a job log if asked for, not synced"),
    "task-spooler": ("tsp", "in the memory of its server"),
    "nq": ("nq", "a file a job, not synced"),
    "pueue": ("pueue", "a state file a change, not synced"),
    "dagu": ("dagu", "files a step, not synced"),
}


def missing():
    return [name for name, (program, _) in DRAINERS.items() if not measure.is_there(program)]


def survives(name):
    return DRAINERS[name][1]


class Peer:
    """One of them, ready to do COUNT times /bin/true."""

    def __init__(self, place, name, count, width):
        self.place, self.name, self.count, self.width = place, name, count, width
        self.directory = place.path(name.replace(" ", "-"))
        os.mkdir(self.directory)
        self.environment = {**place.environment, "HOME": self.directory, "TMPDIR": self.directory}
        prepare = getattr(self, "_prepare_" + self.key(), None)
        if prepare:
            prepare()

    def key(self):
        return DRAINERS[self.name][0]

    def drain(self):
        """Seconds."""
        return getattr(self, "_" + self.key())()

    def close(self):
        end = getattr(self, "_end_" + self.key(), None)
        if end:
            end()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _timed(self, *words, **how):
        return measure.timed([str(word) for word in words], cwd=self.directory, env=self.environment, **how)

    def _write(self, name, text):
        with open(f"{self.directory}/{name}", "w", encoding="ascii") as file:
            file.write(text)

    def _prepare_make(self):
        names = " ".join(f"t{i}" for i in range(self.count))
        self._write("Makefile", f"all: {names}\n.PHONY: all {names}\n{names}:\n\t@/bin/true\n")

    def _make(self):
        return self._timed("make", "-r", "-s", f"-j{self.width}")

    def _prepare_xargs(self):
        self._write("list", "x\n" * self.count)

    def _xargs(self):
        with open(self.directory + "/list", encoding="ascii") as words:
            return self._timed("xargs", "-n1", f"-P{self.width}", "/bin/true", stdin=words)

    def _prepare_ninja(self):
        self._write("build.ninja", "rule t\n  command = /bin/true\n" +
                    "".join(f"build t{i}: t\n" for i in range(self.count)))

    def _ninja(self):
        return self._timed("ninja", "--quiet", f"-j{self.width}")

    _prepare_parallel = _prepare_xargs

    def _parallel(self):
        with open(self.directory + "/list", encoding="ascii") as words:
            return self._timed("parallel", "--will-cite", f"-j{self.width}", "/bin/true", stdin=words)

    def _tsp_environment(self):
        return {**self.environment, "TS_SOCKET": self.directory + "/socket", "TS_MAXFINISHED": "1",
                "TS_SLOTS": str(self.width)}

    def _tsp(self):
        begun = time.perf_counter()
        for _ in range(self.count):
            # Its client is now and then refused when a job ends in that moment; it asks again, as a
            # script would have to.
            for tries in range(10):
                asked = subprocess.run(["tsp", "-n", "/bin/true"], env=self._tsp_environment(),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=tries == 9)
                if asked.returncode == 0:
                    break
        subprocess.run(["tsp", "-w"], env=self._tsp_environment(), stdout=subprocess.DEVNULL, check=False)
        return time.perf_counter() - begun

    def _end_tsp(self):
        subprocess.run(["tsp", "-K"], env=self._tsp_environment(), check=False)

    def _nq(self):
        begun = time.perf_counter()
        for _ in range(self.count):
            subprocess.run(["nq", "-q", "/bin/true"], env={**self.environment, "NQDIR": self.directory},
                           check=True)
        subprocess.run(["nq", "-w"], env={**self.environment, "NQDIR": self.directory}, check=False)
        return time.perf_counter() - begun

    def _prepare_pueue(self):
        subprocess.run(["pueued", "-d"], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        time.sleep(1)
        subprocess.run(["pueue", "parallel", str(self.width)], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)

    def _pueue(self):
        begun = time.perf_counter()
        for _ in range(self.count):
            subprocess.run(["pueue", "add", "--", "/bin/true"], env=self.environment, check=True,
                           stdout=subprocess.DEVNULL)
        subprocess.run(["pueue", "wait", "--all", "--quiet"], env=self.environment, check=True)
        return time.perf_counter() - begun

    def _end_pueue(self):
        subprocess.run(["pueue", "shutdown"], env=self.environment, check=False, stdout=subprocess.DEVNULL)

    def _prepare_dagu(self):
        steps = "".join(f"  - name: t{i}\n    command: /bin/true\n" for i in range(self.count))
        self._write("list.yaml", f"type: graph\nmaxActiveSteps: {self.width}\nsteps:\n{steps}")

    def _dagu(self):
        return self._timed("dagu", "start", "list.yaml", stderr=subprocess.DEVNULL)
