#!/usr/bin/env python3
"""What a journal or a store has forgotten, and what a take-over must keep: nothing runs twice, nothing
goes on unknown, no number is told to two, and nothing is left for ever."""
import os
import shutil
import signal
import sqlite3
import subprocess
import unittest

from support import SCHED, CommandTest, main, until

# Tells its start and slot, ends when a file of its name is there, tells its end.
STEP = ('echo "S $SCHED_TASK $SCHED_SLOT" >> history; until [ -e "go-$SCHED_TASK" ]; do sleep 0.02; done; '
        'echo "E $SCHED_TASK $SCHED_SLOT" >> history')


class Forgotten(CommandTest):
    def until_begun(self, *names):
        until(lambda: set(names) <= {line.split()[1] for line in self.history()}, f"{names} have begun")

    def kill(self, worker, *pids):
        # Launchers first, whatever their numbers: one that sees its command killed writes that down.
        launchers = set(self.launchers())
        for pid in (worker.pid, *sorted(pids, key=lambda pid: pid not in launchers)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # It went with its parent.
        worker.wait()

    def launcher_rows(self):
        db = sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True)
        found = db.execute("SELECT id FROM launchers ORDER BY id").fetchall()
        db.close()
        return [row[0] for row in found]

    @unittest.skipIf(os.getuid() != 0, "only root has mounts of its own")
    def test_what_a_journal_lost_with_its_file_system_is_lost_and_never_begins_again(self):
        self.add("a", "--retries", "3", "--backoff", "fixed:0s", "--shell", STEP)
        worker = self.worker()
        self.until_begun("a")
        launcher = os.listdir(self.store + "/launchers")[0]
        self.kill(worker, *self.processes())
        # As after a file system that stopped and was mounted anew: of what nobody synced, nothing. The
        # next worker has another mount before it, in a namespace of its own.
        with open(f"{self.store}/launchers/{launcher}/journal", "r+b") as journal:
            size = journal.seek(0, os.SEEK_END)
            journal.seek(4096)
            journal.write(b"\0" * (size - 4096))
        self.write("go-a", "")
        done = subprocess.run(["unshare", "--mount", "--propagation", "unchanged",
                               SCHED, "run", "--until-idle", "--progress", "none"],
                              env=self.environment, cwd=self.home, capture_output=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.end_of("a")[0], "lost")
        self.assertIn("launcher", self.end_of("a")[1])
        self.assertEqual(self.history(), ["S a 1"])

    def test_what_was_claimed_and_never_begun_is_begun_when_its_launcher_ended_in_order(self):
        self.add("a", "--shell", STEP)
        worker = self.worker()
        self.until_begun("a")
        os.kill(self.launchers()[0], signal.SIGSTOP)
        self.add("b", "--shell", STEP)  # Claimed, and not heard of by the launcher.
        self.until_state("b", "running")
        self.kill(worker)
        self.write("go-a", "")
        self.write("go-b", "")
        os.kill(self.launchers()[0], signal.SIGCONT)
        until(lambda: not self.launchers(), "it ends when it has nobody to work for")
        self.work()
        # Which slot b has hangs on whether a had ended by then.
        self.assertEqual(sorted(line[:3] for line in self.history()), ["E a", "E b", "S a", "S b"])
        self.assertEqual({run["attempt"] for run in self.json("runs")}, {1})

    def test_what_runs_and_is_unknown_to_an_older_store_is_ended_before_anything_begins(self):
        self.add("a", "--manual", "--grace-kill", "1s", "--shell", STEP)
        backup = self.sched("backup", self.path("backups")).out.strip()
        worker = self.worker()
        self.sched("start", "a")
        self.until_begun("a")
        old = [pid for pid in self.processes() if pid not in (worker.pid, *self.launchers())]
        self.kill(worker)
        for tail in ("-wal", "-shm"):
            os.unlink(self.store + "/sched.db" + tail)
        shutil.copyfile(backup, self.store + "/sched.db")  # By hand: restore refuses while it lives.
        self.add("b", "--", "true")
        done = self.finish(self.start("run", "--until-idle", "--progress", "none"))
        self.assertEqual(self.launcher_rows(), [1])
        self.assertIn("run-1 runs, and the store does not know of its attempt 1", done.err)
        self.assertFalse(set(old) & set(self.processes()))
        self.assertEqual(self.end_of("b")[0], "succeeded")
        self.assertEqual(self.history(), ["S a 1"])

    def test_a_slot_is_never_told_to_a_second_command_while_the_first_lives(self):
        self.add("a", "--shell", STEP)
        self.add("b", "--shell", STEP)
        worker = self.worker(slots=2)
        self.until_begun("a", "b")
        first = next(line.split()[1] for line in self.history() if line.endswith(" 1"))
        second = "b" if first == "a" else "a"
        self.write(f"go-{first}", "")
        self.sched("wait", first, "--timeout", "20s")
        self.kill(worker)
        self.worker(slots=2)
        self.add("c", "--shell", STEP)
        self.until_begun("c")
        self.assertIn(f"S {second} 2", self.history())
        self.assertIn("S c 1", self.history())
        self.write("go-c", "")
        self.sched("wait", "c", "--timeout", "20s")
        self.write(f"go-{second}", "")
        self.sched("wait", second, "--timeout", "20s")
        self.add("d", "--", "true")
        self.sched("wait", "d", "--timeout", "20s")

    def test_launchers_that_are_gone_leave_no_rows(self):
        rows = self.launcher_rows
        for name in "abc":
            self.add(name, "--", "true")
            self.work()
        self.assertEqual(rows(), [3])
        self.add("d", "--shell", STEP)
        worker = self.worker()
        self.until_begun("d")
        self.kill(worker)
        other = self.worker(slots=1)  # It has the launcher of the dead one.
        self.assertEqual(rows(), [4])
        third = self.worker(slots=1)
        until(lambda: rows() == [4, 5], "the third has one of its own")
        self.write("go-d", "")
        self.sched("wait", "d", "--timeout", "20s")
        for child in (other, third):
            child.terminate()
            child.wait(20)
        self.work()
        self.assertEqual(rows(), [6])
        self.sched("doctor")


if __name__ == "__main__":
    main()
