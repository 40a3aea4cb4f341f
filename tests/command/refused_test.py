#!/usr/bin/env python3
"""A worker whose store refuses for good, or that the machine does not let begin: it ends when it is told
to, and says why with the code for it."""
import os
import signal

from support import CommandTest, main, until


class Refused(CommandTest):
    def begin(self, *words):
        """A worker with one long command, whose store is gone from now on."""
        self.add("a", "--grace-kill", "1s", "--shell", "echo > begun; exec sleep 600")
        worker = self.start("run", "--slots", "2", "--progress", "none", *words)
        self.until_file("begun")
        os.rename(self.store + "/sched.db", self.store + "/away")
        return worker

    def come_back(self):
        os.rename(self.store + "/away", self.store + "/sched.db")

    def test_one_that_drains_waits_for_what_runs_and_the_second_signal_ends_it(self):
        worker = self.begin()
        until(lambda: self.sched("status", code=None).code == 5, "the store is gone")
        worker.terminate()
        self.assertIsNone(self.poll_for(worker, 2))
        self.assertTrue(self.processes("600"))
        worker.terminate()
        self.assertEqual(worker.wait(10), 130)
        self.assertFalse(self.processes("600"))
        self.come_back()
        self.work()
        self.assertEqual(self.end_of("a"), ("cancelled", "ended with its worker, which was told to stop at once"))

    def test_one_that_drains_ends_when_the_launcher_is_dead_too(self):
        worker = self.begin()
        for pid in self.launchers():
            os.kill(pid, signal.SIGKILL)
        worker.terminate()
        self.assertEqual(worker.wait(10), 0)
        self.come_back()
        self.work(code=1)
        self.assertEqual(self.end_of("a")[0], "lost")
        self.assertFalse(self.processes("600"))

    def test_one_that_was_to_become_idle_ends_with_the_reason_when_the_launcher_is_dead_too(self):
        worker = self.begin("--until-idle")
        for pid in self.launchers():
            os.kill(pid, signal.SIGKILL)
        done = self.finish(worker, code=5, timeout=40)
        self.assertIn("the file was removed while it was open", done.err)

    def test_what_the_machine_refuses_at_the_start_has_the_code_for_it(self):
        self.add("a", "--", "true")
        for name in ("workers", "launchers", "bells"):
            path = f"{self.store}/{name}"
            if os.path.isdir(path):
                os.rmdir(path)
            self.write(path, "")  # It can't become a directory.
            done = self.sched("run", "--until-idle", "--progress", "none", code=5, timeout=40)
            self.assertIn(name, done.err)
            os.unlink(path)
        self.work()

    def poll_for(self, child, seconds):
        """Its end, if it comes within that time."""
        try:
            return child.wait(seconds)
        except Exception:  # pylint: disable=broad-except
            return None


if __name__ == "__main__":
    main()
