#!/usr/bin/env python3
"""Urgent runs displace others: these are ended and begin anew, or stand still and go on."""
import re

from support import CommandTest, is_stopped, main, until

# Tells its start, ends when the file is there, tells its end.
STEP = ('echo "S $SCHED_TASK $SCHED_ATTEMPT" >> history; until [ -e go ]; do sleep 0.02; done; '
        'echo "E $SCHED_TASK $SCHED_ATTEMPT" >> history')


class Preempt(CommandTest):
    def queue(self, preempt):
        self.sched("queue", "add", "urgent", "--preempt", preempt)

    def until_begun(self, count):
        until(lambda: len(self.history()) >= count, f"{count} lines are there")

    def test_one_is_ended_for_an_urgent_one_and_begins_anew(self):
        self.queue("requeue")
        self.add("low", "--preemptible", "--breaker", "1", "--shell", STEP)
        self.worker(slots=1)
        self.until_begun(1)
        self.add("high", "--queue", "urgent", "--priority", "5", "--shell", STEP)
        self.until_begun(2)
        self.assertEqual(self.history(), ["S low 1", "S high 1"])
        run = self.run_of("low")
        self.assertEqual((run["state"], run["displaced"], run["outcome"]), ("queued", 1, None))
        self.assertRegex(run["reason"], r"^displaced by run-2 of high after \S+ of work, which begins anew$")
        self.assertEqual(run["attempts"][0]["cause"], "preempted")
        self.assertRegex(self.sched("runs").out, r"displaced by run-2 of high")
        self.assertRegex(self.sched("show", "run-1").out, r"beside 1 displaced")
        explained = self.sched("explain", "low").out
        self.assertRegex(explained, r"it was displaced by run-2 of high")
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual(self.history(), ["S low 1", "S high 1", "E high 1", "S low 2", "E low 2"])
        self.assertEqual(self.end_of("low")[0], "succeeded")
        self.assertNotIn("open", self.sched("breaker", "list").out)

    def test_one_that_does_not_heed_sigterm_is_killed_after_its_grace(self):
        self.queue("requeue")
        self.add("low", "--preemptible", "--grace-kill", "300ms", "--shell", "trap '' TERM; " + STEP)
        self.worker(slots=1)
        self.until_begun(1)
        self.add("high", "--queue", "urgent", "--priority", "5", "--shell", STEP)
        self.until_begun(2)
        self.assertEqual(self.run_of("low")["attempts"][0]["signal"], 9)
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual(self.end_of("low")[0], "succeeded")

    def test_who_waits_for_another_to_end_says_for_whom(self):
        self.queue("requeue")
        self.add("low", "--preemptible", "--grace-kill", "1m", "--shell", "trap '' TERM; " + STEP)
        self.worker(slots=1)
        self.until_begun(1)
        self.add("high", "--queue", "urgent", "--priority", "5", "--shell", STEP)
        until(lambda: self.run_of("low")["reason"] == "displaced by run-2 of high", "it is told to end")
        obstacle = self.json("explain", "high")[0]
        self.assertEqual(obstacle["kind"], "giving_way")
        self.assertRegex(obstacle["what"],
                         r"^run-1 of low is being ended for it, for \d+s; it is killed in (1m|5\ds)$")
        self.assertEqual(self.json("explain", "low")[0]["what"],
                         "attempt 1 is being ended: displaced by run-2 of high")
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual(self.end_of("high")[0], "succeeded")

    def test_one_stands_still_for_an_urgent_one_and_goes_on(self):
        self.queue("suspend")
        self.add("low", "--preemptible", "--shell", "echo $$ > pid; " + STEP)
        self.worker(slots=1)
        self.until_begun(1)
        pid = int(self.until_file("pid"))
        self.add("high", "--queue", "urgent", "--priority", "5", "--shell", STEP)
        self.until_begun(2)
        until(lambda: is_stopped(pid), "it is stopped")
        run = self.run_of("low")
        self.assertEqual((run["state"], run["reason"]),
                         ("running", "suspended: displaced by run-2 of high"))
        self.assertTrue(run["suspended_at"])
        self.assertTrue(re.search(r"has stood still for .*displaced by run-2 of high",
                                  self.sched("explain", "low").out))
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual(self.history()[:3], ["S low 1", "S high 1", "E high 1"])
        self.assertEqual(self.history()[3:], ["E low 1"])
        run = self.run_of("low")
        self.assertEqual((run["outcome"], run["attempt"]), ("succeeded", 1))
        self.assertGreater(run["stood_ms"], 0)

    def test_the_next_worker_knows_who_gives_way(self):
        for preempt in ("requeue", "suspend"):
            with self.subTest(preempt):
                self.tearDown()
                self.setUp()
                self.queue(preempt)
                self.add("low", "--preemptible", "--shell", STEP)
                worker = self.worker(slots=1)
                self.until_begun(1)
                self.add("high", "--queue", "urgent", "--priority", "5", "--shell", STEP)
                self.until_begun(2)
                worker.kill()
                worker.wait()
                self.worker(slots=1)
                self.write("go", "")
                self.sched("wait", "--all", "--timeout", "20s")
                self.assertEqual(self.history().count("E low 1") + self.history().count("E low 2"), 1)
                self.assertEqual(self.history().count("E high 1"), 1)

    def test_a_default_of_a_queue_makes_its_tasks_preemptible(self):
        self.sched("queue", "add", "batch", "--default", "preemptible=true")
        self.add("a", "--manual", "--queue", "batch", "--", "true")
        self.assertTrue(self.json("show", "a")["preemptible"])
        self.assertIn("preemptible", self.sched("show", "a").out.lower())
        self.assertRegex(self.sched("queue", "show", "batch").out, r"Defaults +--preemptible true")

    def test_what_it_does_not_know_is_refused(self):
        done = self.sched("queue", "add", "x", "--preempt", "kill", code=2)
        self.assertIn("--preempt 'kill': unknown", done.err)
        self.assertIn("requeue", done.err)


if __name__ == "__main__":
    main()
