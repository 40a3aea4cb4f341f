#!/usr/bin/env python3
"""cancel, hold, release, retry and rm of very many at once: by filter, by pattern, from stdin."""
import json
import signal
import sqlite3

from support import CommandTest, main, until


class Many(CommandTest):
    def tasks(self, count, **more):
        lines = "".join(json.dumps({"name": f"n{i}", "command": ["true"], **more}) + "\n"
                        for i in range(count))
        self.add("--from", "-", stdin=lines)

    def states(self):
        found = {}
        for run in self.json("runs"):
            found[run["state"]] = found.get(run["state"], 0) + 1
        return found

    def test_all_of_them(self):
        self.tasks(300)
        self.assertEqual(self.sched("hold", "--all").out, "held 300 runs\n")
        self.assertEqual(self.states(), {"held": 300})
        self.assertEqual(self.sched("hold", "--all").out, "held 0 of 300 runs\n")
        self.assertEqual(self.sched("release", "--state", "held").out, "released 300 runs\n")
        self.assertEqual(self.states(), {"queued": 300})
        self.assertEqual(self.sched("cancel", "--all").out, "cancelled 300 runs\n")
        self.assertEqual(self.states(), {"finished": 300})
        self.assertEqual(self.sched("cancel", "--all").out, "cancelled 0 runs\n")
        self.assertEqual(self.sched("rm", "--all").out, "removed 300 tasks\n")
        self.assertEqual(self.json("list"), [])

    def test_by_tag_pattern_and_stdin(self):
        self.tasks(20)
        self.add("other", "--tag", "big", "--", "true")
        self.assertEqual(self.sched("hold", "--tag", "big").out, "held 1 run\n")
        self.assertEqual(self.sched("cancel", "n1?").out, "cancelled 10 runs\n")
        self.assertEqual(self.sched("cancel", "-", stdin="n2\n\ntask-4\nrun-5\n").out,
                         "cancelled 3 runs\n")
        self.assertEqual(self.sched("rm", "n*").out, "removed 20 tasks\n")
        self.assertEqual([task["name"] for task in self.json("list")], ["other"])

    def test_a_line_that_names_nothing_changes_nothing(self):
        self.tasks(3)
        refused = self.sched("cancel", "-", stdin="n1\nnone\n", code=3)
        self.assertIn("stdin:2: there is no task or run 'none'", refused.err)
        self.assertIn("nothing was changed", refused.err)
        self.assertEqual(self.states(), {"queued": 3})

    def test_what_chooses_nothing_is_refused(self):
        for command in ("cancel", "hold", "release", "retry", "rm"):
            self.assertIn("nothing says which", self.sched(command, code=2).err)
            self.assertIn("exclude each other", self.sched(command, "-", "--all", code=2).err)

    def test_retry_takes_the_newest_runs_that_ended_badly(self):
        self.tasks(10)
        self.add("bad", "--", "false")
        self.add("again", "--manual", "--", "false")
        self.sched("start", "again")
        self.work(code=1)
        self.sched("edit", "again", "--", "true")
        self.sched("start", "again")
        self.work()
        self.assertEqual(self.sched("retry", "--all").out, "retrying 1 run\n")
        self.assertIn(self.run_of("bad")["state"], ("waiting", "queued"))
        self.sched("cancel", "bad")
        self.assertEqual(self.sched("retry", "--outcome", "cancelled").out, "retrying 1 run\n")
        self.assertIn("one by one", self.sched("retry", "--all", "--edit", "nice=3", code=2).err)

    def test_rm_keeps_what_runs_and_what_others_come_after(self):
        self.add("up", "--", "true")
        self.add("down", "--after", "up", "--", "true")
        self.add("busy", "--priority", "5", "--", "sleep", "60")
        self.worker(slots=1)
        self.until_state("busy", "running")
        done = self.sched("rm", "up", "--state", "queued")
        self.assertEqual(done.out, "removed 0 of 1 task\n")
        self.assertIn("--cascade", done.err)
        done = self.sched("rm", "--all")
        self.assertEqual(done.out, "removed 2 of 3 tasks\n")
        self.assertIn("1 task that is running", done.err)
        self.sched("cancel", "busy")
        self.add("up", "--manual", "--", "true")
        self.add("down", "--after", "up", "--", "true")
        self.until_state("busy", "finished")
        self.assertEqual(self.sched("rm", "u*", "--cascade").out, "removed 2 tasks\n")

    def test_an_interrupted_one_leaves_the_rest_and_says_so(self):
        self.tasks(3000)
        # Whoever has the lock keeps it from going on after its first transaction.
        child = self.start("cancel", "--all")
        other = sqlite3.connect(self.store + "/sched.db", timeout=30, isolation_level=None)
        until(lambda: other.execute("SELECT count(*) FROM runs WHERE state = 'finished'").fetchone()[0],
              "it has begun")
        other.execute("BEGIN IMMEDIATE")
        child.send_signal(signal.SIGINT)
        other.execute("ROLLBACK")
        out, err = child.communicate(timeout=30)
        cancelled = other.execute("SELECT count(*) FROM runs WHERE state = 'finished'").fetchone()[0]
        other.close()
        if child.returncode == 0:  # It was through before the signal.
            self.assertEqual(cancelled, 3000)
            return
        self.assertEqual(child.returncode, 130, err)
        self.assertEqual(out.decode(), f"cancelled {cancelled:,} of 3,000 runs\n")
        self.assertIn("interrupted: the rest is as it was", err.decode())
        self.sched("cancel", "--all")
        self.assertEqual(self.states(), {"finished": 3000})

    def test_a_terminal_shows_how_far_it_is(self):
        self.tasks(2000)
        seen = self.on_terminal("hold", "--all")
        self.assertIn(b"holding", seen)
        self.assertIn(b"of 2,000", seen)
        self.assertTrue(seen.endswith(b"held 2,000 runs\r\n"), seen[-100:])


if __name__ == "__main__":
    main()
