"""Commands that try to get away: ended whole, and what can't be ended is reported."""
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from support import SCHED, CommandTest, Done, is_alive, main, until

HIDE = "env -i setsid "


def ticks():
    """The time since boot in hundredths of a second, which is how the kernel tells when a process began."""
    with open("/proc/uptime", encoding="ascii") as file:
        return float(file.read().split()[0]) * 100


def born(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return int(file.read().rpartition(")")[2].split()[19])


def sleepers(seconds):
    """Living processes that execute `sleep SECONDS`, wherever they hide."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    command = file.read()
            except OSError:
                continue
            if command == b"sleep\0%d\0" % seconds and is_alive(int(entry)):
                found.append(int(entry))
    return found


class Escapees(CommandTest):
    """Each has a number of seconds of its own, by which its sleepers are known."""

    def tearDown(self):
        for seconds in range(77810, 77840):
            for pid in sleepers(seconds):
                os.kill(pid, signal.SIGKILL)
        super().tearDown()

    def contain(self, *words):
        """Adds a contained task and runs it; skips where the system has no namespaces for us."""
        self.add("probe", "--contain", "--", "true")
        self.work(code=None)
        outcome, reason = self.end_of("probe")
        if "can't be contained" in reason:
            self.skipTest(reason)
        self.assertEqual(outcome, "succeeded")
        self.add("a", "--contain", *words)

    def test_whatever_it_does_it_ends_within_timeout_and_grace(self):
        escapes = {
            "forks": "setsid sh -c 'setsid sleep 77810 & exec sleep 77810' & sleep 77810",
            "ignores": "trap '' TERM; while :; do sleep 0.05; done",
            "stops": "kill -STOP $$; sleep 77810",
            "closes": "exec 0<&- 1>&- 2>&-; trap '' TERM; while :; do sleep 0.05; done",
            "hides": f"({HIDE}sleep 77810 >/dev/null 2>&1 &); trap '' TERM; "
                     "while :; do sleep 0.05; done"}
        contained = {}
        for name, text in escapes.items():
            for kind in ([], ["--contain"]):
                task = name + "".join(kind).replace("--", "-")
                contained[task] = bool(kind)
                self.add(task, *kind, "--timeout", "1s", "--grace-kill", "1s", "--shell", text)
        self.work(slots=12, code=None)
        for task, kind in contained.items():
            with self.subTest(task=task):
                run = self.run_of(task)
                if kind and "can't be contained" in run["reason"]:
                    continue
                self.assertEqual(run["outcome"], "timed_out")
                self.assertLess(run["attempts"][0]["elapsed_ms"], 3000)
                self.assertIsNone(run["attempts"][0]["strays"])
        until(lambda: not sleepers(77810), "nothing is left of them")

    def test_a_contained_command_is_alone_with_its_own_proc(self):
        self.contain("--shell", "ls -d /proc/[0-9]* | wc -l; id -u; cat /proc/1/comm")
        self.work()
        count, user, init = self.logs("a").split()
        self.assertLess(int(count), 6)
        self.assertEqual((int(user), init), (os.getuid(), "sched-init"))
        self.assertTrue(self.json("show", "a")["contain"])
        self.assertIn("PID namespace", self.sched("show", "a").out)

    def test_its_code_its_signal_and_its_usage_come_through(self):
        self.contain("--shell", "exit 7")
        self.add("signal", "--contain", "--shell", "kill -SEGV $$")
        self.add("busy", "--contain", "--limit", "cpu=1s", "--shell", "while :; do :; done")
        self.add("large", "--contain", "--", "dd", "if=/dev/zero", "of=/dev/null", "bs=90M",
                 "count=1")
        self.work(code=None)
        self.assertEqual(self.run_of("a")["exit_code"], 7)
        self.assertEqual(self.run_of("signal")["attempts"][0]["signal"], signal.SIGSEGV)
        busy = self.run_of("busy")["attempts"][0]
        self.assertEqual(busy["cause"], "cpu_limit")
        self.assertGreater(busy["user_ms"] + busy["system_ms"], 500)
        self.assertGreater(self.run_of("large")["attempts"][0]["max_rss_bytes"], 80_000_000)

    def test_cancelling_lets_it_say_goodbye(self):
        self.contain("--shell", "trap 'echo bye; exit 0' TERM; echo up; "
                     "while :; do sleep 0.05; done")
        self.worker()
        until(lambda: self.logs("a") == "up\n", "it runs")
        self.sched("cancel", "a")
        self.until_state("a", "finished")
        self.assertIn("bye\n", self.logs("a"))
        self.assertEqual(self.end_of("a")[0], "cancelled")

    def test_nothing_contained_is_left_after_the_death_of_its_launcher(self):
        self.contain("--shell", f"({HIDE}sleep 77811 >/dev/null 2>&1 &); sleep 77811")
        self.worker()
        until(lambda: len(sleepers(77811)) == 2, "both sleep")
        for launcher in self.launchers():
            os.kill(launcher, signal.SIGKILL)
        until(lambda: not sleepers(77811), "they are gone with it", 5)
        self.until_state("a", "finished")
        self.assertEqual(self.end_of("a")[0], "lost")

    def test_a_hidden_leftover_goes_while_later_runs_go_on(self):
        self.add("a", "--shell", f"({HIDE}sleep 77812 >/dev/null 2>&1 &); sleep 0.3")
        self.worker()
        hidden = until(lambda: sleepers(77812), "it sleeps")[0]
        # Whose a hidden one is, is told by who began before it; the kernel counts that in ticks.
        until(lambda: ticks() > born(hidden) + 1, "the later one begins later")
        self.add("later", "--", "sleep", "77813")
        until(lambda: sleepers(77813), "the later one runs")
        self.until_state("a", "finished")
        until(lambda: not sleepers(77812), "the leftover is gone", 10)
        self.assertEqual(self.run_of("later")["state"], "running")

    @unittest.skipIf(os.path.exists("/proc/sys/user/max_pid_namespaces") is False, "old kernel")
    def test_it_is_refused_and_never_less_than_contained(self):
        if os.getuid() == 0 and shutil.which("capsh") is None and shutil.which("setpriv") is None:
            self.skipTest("no program to give powers up with")
        if os.getuid() == 0:
            words = ["setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"]
        else:
            self.skipTest("who is not root can't take namespaces away from itself")
        self.add("a", "--contain", "--shell", "echo it ran")
        done = subprocess.run([*words, SCHED, "run", "--until-idle", "--progress", "none"],
                              env=self.environment, capture_output=True, timeout=60, check=False)
        Done(done.returncode, done.stdout, done.stderr)
        outcome, reason = self.end_of("a")
        self.assertEqual(outcome, "failed")
        self.assertIn("can't be contained", reason)
        self.assertEqual(self.run_of("a")["attempts"][0]["end"], "not_executed")
        self.assertEqual(self.logs("a"), "")


@unittest.skipIf(os.getuid() != 0, "only root can make a program that becomes root")
class Strays(CommandTest):
    """Somebody whose command became root's: he can't end it, so he must be told."""

    def setUp(self):
        super().setUp()
        self.public = tempfile.mkdtemp(prefix="sched-public-")
        os.chmod(self.public, 0o755)
        self.program = os.path.join(self.public, "become-root")
        shutil.copy(os.path.realpath(shutil.which("python3")), self.program)
        os.chown(self.directory, 65534, 65534)
        os.chown(self.home, 65534, 65534)
        os.chmod(self.program, 0o4755)
        self.sched_for_all = shutil.copy(SCHED, os.path.join(self.public, "sched"))

    def tearDown(self):
        for pid in sleepers(77820):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.public, ignore_errors=True)
        super().tearDown()

    def as_nobody(self, *words):
        return subprocess.run([self.sched_for_all, *words], env=self.environment, cwd=self.home, user=65534,
                              group=65534, extra_groups=[], capture_output=True, timeout=60,
                              check=False, text=True)

    def test_what_can_not_be_ended_is_reported(self):
        text = ("import os; os.setresuid(0, 0, 0); os.fork() and os._exit(0); "
                "os.execvp('sleep', ['sleep', '77820'])")
        self.as_nobody("add", "a", "--grace-kill", "0s", "--", self.program, "-I", "-S", "-c", text)
        worker = subprocess.Popen([self.sched_for_all, "run", "--progress", "none"], env=self.environment,
                                  cwd=self.home, user=65534, group=65534, extra_groups=[],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._children.append(worker)
        until(lambda: sleepers(77820), "it became root and sleeps")
        (pid,) = sleepers(77820)
        said = f"pid {pid} (sleep)"

        def shown():
            return self.as_nobody("show", "run-1", "--json").stdout
        until(lambda: said in shown(), "the stray is with its attempt")
        line = worker.stderr.readline().decode()
        self.assertIn("run-1", line)
        self.assertIn(said, line)
        self.assertIn("does not end", self.as_nobody("show", "run-1").stdout)
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
