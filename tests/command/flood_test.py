"""Output without measure: capped, counted to the byte, and no burden to anybody.

SCHED_FLOOD_BYTES sets how much flows (default 300 MB; the full scenario is 5000000000).
"""
import json
import os
import resource
import subprocess

from support import SCHED, CommandTest, main, until

FLOOD = int(os.environ.get("SCHED_FLOOD_BYTES", "300000000"))
PATIENCE = 30 + FLOOD / 10e6
CAP = 1 << 20


def bare_kb():
    """What the program takes when it does nothing: with sanitizers that is far more."""
    child = subprocess.Popen([SCHED, "--version"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss


MEMORY_KB = bare_kb() + (30 << 10)


def peak_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


class Flood(CommandTest):
    def flow(self, *words, cap=CAP, patience=PATIENCE):
        """Runs the task 'a' under a worker that stays; its attempt, with memory looked at."""
        self.add("a", "--log-limit", str(cap), *words)
        worker = self.worker()
        until(lambda: self.run_of("a")["state"] == "finished", "the flood is over", patience)
        (launcher,) = self.launchers()
        self.assertLess(peak_kb(worker.pid), MEMORY_KB)
        self.assertLess(peak_kb(launcher), MEMORY_KB)
        return self.run_of("a")["attempts"][0]

    def log_size(self):
        directory = os.path.join(self.store, "logs", "0")
        return sum(os.path.getsize(os.path.join(directory, name)) for name in os.listdir(directory))

    def read_peak_kb(self, *words):
        """The most memory that a reading command had, and what it wrote."""
        path = self.path("read")
        with open(path, "wb") as file:
            child = subprocess.Popen([SCHED, *words], env=self.environment, stdout=file,
                                     stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(child.returncode, 0)
        with open(path, "rb") as file:
            return usage.ru_maxrss, file.read()

    def test_a_flood_is_capped_and_what_was_dropped_is_counted(self):
        attempt = self.flow("--shell", f"yes 0123456 | head -c {FLOOD}; echo end")
        self.assertEqual(attempt["log_bytes"], FLOOD + 4)
        self.assertEqual(attempt["dropped_bytes"], FLOOD + 4 - self.log_size())
        self.assertLessEqual(self.log_size(), CAP)
        self.assertGreaterEqual(self.log_size(), CAP * 3 // 4)
        peak, text = self.read_peak_kb("logs", "a")
        self.assertLess(peak, MEMORY_KB)
        self.assertEqual(len(text), self.log_size())
        self.assertTrue(text.startswith(b"0123456\n") and text.endswith(b"\nend\n"))
        done = self.sched("logs", "a", "--tail", "1")
        self.assertEqual(done.out, "end\n")
        self.assertIn(f"{attempt['dropped_bytes']} bytes dropped", self.sched("logs", "a").err)

    def test_a_line_without_end_and_nuls_stay_readable(self):
        attempt = self.flow("--", "head", "-c", str(FLOOD), "/dev/zero")
        self.assertEqual(attempt["log_bytes"], FLOOD)
        self.assertEqual(attempt["dropped_bytes"], FLOOD - self.log_size())
        peak, text = self.read_peak_kb("logs", "a", "--tail", "1")
        self.assertLess(peak, MEMORY_KB)
        self.assertEqual(text, b"\0" * self.log_size())
        peak, text = self.read_peak_kb("logs", "a", "--json")
        self.assertLess(peak, 2 * MEMORY_KB)
        self.assertEqual(len(json.loads(text)[0]["text"]), self.log_size())

    def test_all_is_kept_below_the_cap_however_fast_it_comes(self):
        size = min(FLOOD, 100_000_000)
        program = (f"import sys\nleft={size}\ni=0\nwhile left:\n"
                   " b=(b'%015d\\n'%i*4096)[:left]; i+=1\n"
                   " sys.stdout.buffer.write(b); left-=len(b)\n")
        attempt = self.flow("--", "python3", "-c", program, cap=1 << 30)
        self.assertEqual((attempt["log_bytes"], attempt["dropped_bytes"]), (size, 0))
        expected = subprocess.run(["python3", "-c", program], capture_output=True, check=True)
        _, text = self.read_peak_kb("logs", "a")
        self.assertTrue(text == expected.stdout, "the log is not what was written")

    def test_others_are_served_meanwhile(self):
        self.add("flood", "--log-limit", str(CAP), "--timeout", "3s", "--grace-kill", "0s", "--",
                 "yes")
        self.add("quick", "--timeout", "1s", "--grace-kill", "0s", "--", "sleep", "600")
        self.work(code=1)
        for task, limit in (("flood", 3000), ("quick", 1000)):
            attempt = self.run_of(task)["attempts"][0]
            self.assertEqual(attempt["cause"], "timeout")
            self.assertLess(attempt["elapsed_ms"], limit + 1000)

    def test_a_closed_output_and_a_daemon_that_keeps_it_hold_nothing_up(self):
        self.add("closed", "--shell", "exec >&- 2>&-; sleep 0.2")
        self.add("daemon", "--shell", "setsid sh -c 'trap \"\" TERM; yes' & echo up; sleep 0.2")
        self.add("both", "--contain", "--shell", "setsid yes & sleep 0.2")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.work(code=None)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertLess(after.ru_utime - before.ru_utime, 1)
        for task in ("closed", "daemon"):
            attempt = self.run_of(task)["attempts"][0]
            self.assertEqual(attempt["outcome"], "succeeded")
            self.assertLess(attempt["elapsed_ms"], 3000)
        self.assertEqual(self.logs("closed"), "")


if __name__ == "__main__":
    main()
