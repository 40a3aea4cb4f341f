"""What the tests of the built program share: a store of one's own, commands, workers, a terminal.

The program is the one that SCHED_UNDER_TEST names. Nothing here sleeps for a fixed time to let
something happen: until() looks again until it has, and says what it waited for when it has not.
"""
import json
import os
import pty
import pwd
import re
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import termios
import time
import unittest
import fcntl

SCHED = os.path.abspath(os.environ.get("SCHED_UNDER_TEST", "sched"))
PATIENCE = 30.0
ERROR_LINE = re.compile(r"^sched( [a-z]+)?: [^\n]+$")


def until(holds, what, seconds=PATIENCE):
    """The first true answer of `holds`; fails with `what` when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.01)


def state_of(pid):
    """The kernel's letter for the process, Z when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def is_alive(pid):
    """Whether the process runs; a zombie does not."""
    return state_of(pid) != "Z"


def is_stopped(pid):
    """Whether it was stopped. A shell that waits in vfork() for a child that was stopped before its
    exec shows D instead: it stands still as well, and its own stop comes when the child goes on."""
    state = state_of(pid)
    if state != "D":
        return state == "T"
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return any(state_of(int(child)) == "T" for child in file.read().split())
    except OSError:
        return False


def is_open_to_all(program):
    """Whether any account may execute it: the file and each directory above."""
    above = os.path.realpath(program)
    while os.stat(above).st_mode & 0o001:
        if above == "/":
            return True
        above = os.path.dirname(above)
    return False


class Done:
    """What a command left behind, as bytes and as text."""

    def __init__(self, code, out, err):
        self.code = code
        self.raw_out, self.raw_err = out, err
        self.out = out.decode(errors="backslashreplace")
        self.err = err.decode(errors="backslashreplace")


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, words, environment, directory, columns=80, rows=24):
        self.seen = b""
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(directory)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                os.execve(words[0], words, environment)
            finally:
                os._exit(126)
        self.code = None

    def read(self, seconds=PATIENCE):
        """Reads what has come; False at the end."""
        if not select.select([self.screen], [], [], seconds)[0]:
            raise AssertionError(f"nothing more on the terminal after {self.seen[-2000:]!r}")
        try:
            piece = os.read(self.screen, 65536)
        except OSError:
            return False
        self.seen += piece
        return bool(piece)

    def expect(self, text):
        """Reads until the text has come; answers all that was seen."""
        while text.encode() not in self.seen:
            if not self.read():
                raise AssertionError(f"ended without {text!r}: {self.seen[-2000:]!r}")
        return self.seen

    def send(self, keys):
        os.write(self.screen, keys)

    def finish(self):
        """Reads to the end, and answers the exit code (128 + signal for a death)."""
        if self.code is None:
            while self.read():
                pass
            _, status = os.waitpid(self.pid, 0)
            os.close(self.screen)
            code = os.waitstatus_to_exitcode(status)
            self.code = code if code >= 0 else 128 - code
        return self.code

    def close(self):
        if self.code is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            os.waitpid(self.pid, 0)
            os.close(self.screen)
            self.code = 137


class CommandTest(unittest.TestCase):
    """A test with a store that is its own, gone afterwards with all that still runs in it."""

    maxDiff = None

    def setUp(self):
        self.directory = os.path.realpath(tempfile.mkdtemp(prefix="sched-test-"))
        self.store = self.directory + "/store"
        self.home = self.directory + "/home"
        os.mkdir(self.home)
        self.environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.home, "TZ": "UTC",
            "LANG": "C.UTF-8", "USER": pwd.getpwuid(os.getuid()).pw_name, "SCHED_STORE": self.store}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self._children = []
        self._terminals = []

    def tearDown(self):
        for child in self._children:
            if child.poll() is None:
                child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream:
                    stream.close()
        for terminal in self._terminals:
            terminal.close()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        until(lambda: not self.processes(), "the processes of this store are gone")
        shutil.rmtree(self.directory, ignore_errors=True)

    # Commands.

    def sched(self, *words, code=0, stdin=b"", env=None, cwd=None, timeout=PATIENCE, **more):
        """Runs a command to its end; `code` None takes any exit code."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run([SCHED, *words], env={**self.environment, **(env or {})},
                              cwd=cwd or self.home, input=stdin, capture_output=True,
                              timeout=timeout, check=False, **more)
        result = Done(done.returncode, done.stdout, done.stderr)
        if code is not None:
            self.assertEqual(result.code, code, f"sched {words}: {result.err}{result.out}")
        return result

    def start(self, *words, env=None, cwd=None, **more):
        """A command that goes on in the background."""
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   "stdin": subprocess.DEVNULL, **more}
        child = subprocess.Popen([SCHED, *words], env={**self.environment, **(env or {})},
                                 cwd=cwd or self.home, **streams)
        self._children.append(child)
        return child

    def finish(self, child, code=0, timeout=PATIENCE):
        """Waits for a background command and answers what it wrote."""
        out, err = child.communicate(timeout=timeout)
        done = Done(child.returncode, out or b"", err or b"")
        if code is not None:
            self.assertEqual(done.code, code, done.err + done.out)
        return done

    def worker(self, *words, slots=2):
        """A worker in the background, once it is there."""
        child = self.start("run", "--slots", str(slots), "--progress", "none", *words,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: child.poll() is not None or any(
            worker["pid"] == child.pid for worker in self.json("status")["workers"]),
              "the worker is there")
        return child

    def stop(self, worker):
        """SIGSTOP while it does not hold the write lock, with which writes are refused, rightly."""
        database = sqlite3.connect(f"{self.store}/sched.db", timeout=0, isolation_level=None)

        def stopped_without_lock():
            worker.send_signal(signal.SIGSTOP)
            until(lambda: is_stopped(worker.pid), "it is stopped")
            try:
                database.execute("BEGIN IMMEDIATE")
                database.execute("ROLLBACK")
                return True
            except sqlite3.OperationalError:
                worker.send_signal(signal.SIGCONT)
                return False
        until(stopped_without_lock, "it is stopped between two transactions")
        database.close()

    def terminal(self, *words, columns=80, rows=24, **variables):
        terminal = Terminal([SCHED, *words], {**self.environment, "TERM": "xterm", **variables},
                            self.home, columns, rows)
        self._terminals.append(terminal)
        return terminal

    def on_terminal(self, *words, code=0, columns=80, rows=24, **variables):
        """All that a command writes to a terminal."""
        terminal = self.terminal(*words, columns=columns, rows=rows, **variables)
        self.assertEqual(terminal.finish(), code, terminal.seen)
        return terminal.seen

    # The usual questions.

    def add(self, *words, code=0, **more):
        return self.sched("add", *words, code=code, **more)

    def work(self, *words, code=0, slots=4, timeout=PATIENCE):
        """Runs all that is due."""
        return self.sched("run", "--until-idle", "--progress", "none", "--slots", str(slots),
                          *words, code=code, timeout=timeout)

    def json(self, *words, **more):
        return json.loads(self.sched(*words, "--json", **more).out)

    def run_of(self, target):
        """The newest run of a task, or the run, with its attempts."""
        if not target.startswith("run-"):
            target = f"run-{self.json('show', target)['runs'][0]['id']}"
        return self.json("show", target)

    def logs(self, target, *words):
        return self.sched("logs", target, *words).out

    def end_of(self, target):
        run = self.run_of(target)
        return run["outcome"], run["reason"]

    def until_state(self, target, state):
        return until(lambda: self.run_of(target)["state"] == state, f"{target} is {state}")

    def until_started(self, target, word):
        """Waits until the command of the run is there, too: one that is claimed may not have begun, and
        then begins with the next worker whoever is killed."""
        self.until_state(target, "running")
        until(lambda: self.processes(word), f"the command of {target} is there")

    def until_file(self, path, text=""):
        """Waits until the file is there and has the text; answers its contents."""
        def look():
            try:
                with open(self.path(path), encoding="utf-8") as file:
                    contents = file.read()
            except FileNotFoundError:
                return None
            return contents if contents and text in contents else None
        return until(look, f"{path} has {text!r}")

    # Files and processes.

    def history(self):
        """The lines that commands appended to the file of that name."""
        try:
            with open(self.path("history"), encoding="ascii") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)
        return path

    def processes(self, word=""):
        """Every process that belongs to this store: launchers, and the commands of their runs."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) == os.getpid():
                continue
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    environ = file.read()
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    command = file.read()
            except OSError:
                continue
            if self.store.encode() in environ + command and word.encode() in command:
                if is_alive(int(entry)):
                    found.append(int(entry))
        return found

    def launchers(self):
        """The pids of the launchers of this store."""
        found = []
        for pid in self.processes():
            try:
                with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                    if file.read().strip() == "sched-launcher":
                        found.append(pid)
            except OSError:
                continue
        return found

    def snapshot(self):
        """All that the store tells, to compare before and after."""
        return (self.sched("list", "--json").out, self.sched("runs", "--json").out)

    # Promises about errors.

    def assert_refused(self, *words, code=2, says=(), hint=None, **more):
        """Wrong input: the exit code, one line that begins with the command, at most one hint."""
        done = self.sched(*words, code=code, **more)
        self.assert_one_error(done, says, hint)
        return done

    def assert_one_error(self, done, says=(), hint=None):
        self.assertEqual(done.out, "")
        lines = done.err.rstrip("\n").split("\n")
        self.assertRegex(lines[0], ERROR_LINE)
        self.assertLessEqual(len(lines), 2, done.err)
        if len(lines) == 2:
            self.assertTrue(lines[1].startswith("  hint: "), done.err)
        self.assertNotIn("terminate", done.err)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, lines[0])
        if hint is not None:
            self.assertIn(hint, lines[1] if len(lines) == 2 else "")


main = unittest.main
