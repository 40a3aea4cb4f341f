#!/usr/bin/env python3
"""`--max-fails N`: a flow in which too much has failed is started no further."""
import json

from care import CareTest
from support import main

GATE = 'echo "$SCHED_TASK" >> history; until [ -e go ]; do sleep 0.02; done'


class MaxFails(CareTest):
    def flow(self, most, *bad, good=()):
        self.add("root", "--manual", "--max-fails", str(most), "--", "true")
        for place, name in enumerate(bad):
            self.add(name, "--after", "root", "--priority", str(100 - place), "--shell",
                     f"echo {name} >> history; exit 1")
        for name in good:
            self.add(name, "--after", "root", "--shell", f"echo {name} >> history")

    def test_the_rest_is_skipped_and_says_so(self):
        self.flow(2, "a", "b", "c", good=("d",))
        self.add("end", "--after", "d:done", "--", "true")
        self.sched("start", "root")
        self.work(code=1, slots=1)
        self.assertEqual(self.history(), ["a", "b"])
        root = self.run_of("root")["id"]
        reason = f"max-fails 2 of the flow of run-{root} reached: a, b failed"
        for name in ("c", "d", "end"):
            self.assertEqual(self.end_of(name), ("skipped", reason))
            self.assertIn("max-fails 2", self.sched("explain", name).out)

    def test_what_runs_goes_on(self):
        self.flow(1)
        self.add("long", "--after", "root", "--shell", GATE)
        self.add("bad", "--after", "root", "--shell",
                 "until grep -q long history; do sleep 0.02; done; exit 1")
        self.add("below", "--after", "long", "--", "true")
        self.worker(slots=2)
        self.sched("start", "root")
        self.sched("wait", "bad", code=1)
        self.assertEqual(self.run_of("long")["state"], "running")
        self.assertEqual(self.end_of("below")[0], "skipped")
        self.write("go", "")
        self.sched("wait", "long")

    def test_handlers_run_all_the_same(self):
        self.add("notify", "--manual", "--shell", "echo $SCHED_FOR_TASK >> told")
        self.flow(1, "a", good=("d",))
        self.sched("edit", "a", "--on-failure", "notify")
        self.sched("start", "root")
        self.work(code=1, slots=1)
        self.assertEqual(self.history(), ["a"])
        self.until_file("told", "a\n")

    def test_the_next_flow_begins_at_nought_and_retries_bring_runs_back(self):
        self.flow(1, "a", good=("d",))
        self.sched("start", "root")
        self.work(code=1, slots=1)
        self.sched("edit", "a", "--shell", "true")
        self.sched("start", "root")
        self.work(slots=1)
        self.assertEqual(self.history(), ["a", "d"])
        first = self.json("runs", "d")[-1]
        self.assertEqual(first["outcome"], "skipped")
        self.sched("retry", f"run-{first['id']}")
        self.work(slots=1)
        self.assertEqual(self.history(), ["a", "d", "d"])

    def test_of_a_tag_the_rest_is_held_until_a_person_lets_it_go(self):
        for place, end in enumerate((1, 1, 0, 0)):
            self.add(f"t{place}", "--tag", "batch", "--max-fails", "batch=2", "--shell",
                     f"echo t{place} >> history; [ -e mended ] || exit {end}")
        self.add("later", "--tag", "batch", "--at", "+1h", "--", "true")
        self.add("other", "--", "true")
        self.work(code=1, slots=1)
        self.assertEqual(self.history(), ["t0", "t1"])
        self.assertEqual(self.end_of("other")[0], "succeeded")
        reason = "max-fails 2 of the tag batch reached: t0, t1 failed"
        for name in ("t2", "t3", "later"):
            run = self.run_of(name)
            self.assertEqual((run["state"], run["reason"]), ("held", reason))
        explained = " ".join(self.sched("explain", "t2").out.split())
        self.assertIn(f"it is held: {reason}", explained)
        self.assertIn("sched release run-3", explained)
        self.sched("dead", "resolve", "t0", "--note", "seen to")
        self.sched("release", "--tag", "batch")
        self.work(slots=1)
        self.assertEqual(self.history(), ["t0", "t1", "t2", "t3"])
        self.assertEqual(self.run_of("later")["state"], "waiting")
        self.add("t4", "--tag", "batch", "--max-fails", "batch=2", "--", "false")
        self.work(code=1)
        self.assertEqual(self.run_of("later")["state"], "held")

    def test_it_is_shown_edited_and_read_from_lines(self):
        self.sched("add", "--from", "-", stdin=json.dumps(
            {"name": "root", "manual": True, "command": ["true"], "max-fails": 3}))
        self.assertEqual(self.json("show", "root")["max_fails"], ["3"])
        self.assertRegex(self.sched("show", "root").out, r"Max fails +3 of a flow")
        self.sched("edit", "root", "--max-fails", "5", "--max-fails", "t=2", "--tag", "t")
        self.assertEqual(self.json("show", "root")["max_fails"], ["5", "t=2"])
        self.assertRegex(self.sched("show", "root").out, r"Max fails +5 of a flow, 2 of the tag t")
        self.sched("edit", "root", "--timeout", "1m")
        self.assertEqual(self.json("show", "root")["max_fails"], ["5", "t=2"])
        self.sched("edit", "root", "--max-fails", "")
        self.assertEqual(self.json("show", "root")["max_fails"], [])

    def test_wrong_bounds_are_refused(self):
        for wrong in ("0", "-1", "1000001", "x", "", "1.5", "t=", "t=0", "=1", "t,=1"):
            self.assert_refused("add", "a", "--max-fails=" + wrong, "--", "true",
                                says="--max-fails")
        self.assert_refused("add", "a", "--max-fails", "1", "--max-fails", "2", "--", "true",
                            says="given already")
        self.assertEqual(self.json("list"), [])
        done = self.add("untagged", "--manual", "--max-fails", "t=1", "--", "true")
        self.assertIn("it has not that tag", done.err)
        self.add("up", "--", "true")
        done = self.add("below", "--after", "up", "--max-fails", "1", "--", "true")
        self.assertIn("counts only in flows that this task begins", done.err)


if __name__ == "__main__":
    main()
