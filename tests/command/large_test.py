#!/usr/bin/env python3
"""Ten thousand tasks: the reading commands stay quick, and what they show stays short."""
import json
import os
import time

from support import CommandTest, main

COUNT = 10_000
# A debug build under sanitizers on a busy machine is slower than what people use, by a known lot.
BOUND = 10.0 if "ASAN_OPTIONS" in os.environ or "SCHED_SLOW" in os.environ else 3.0


class Large(CommandTest):
    def setUp(self):
        super().setUp()
        tasks = []
        for i in range(COUNT):
            task = {"name": f"layer-{i // 100}/step-{i % 100}", "command": ["true"],
                    "tag": [f"layer-{i // 100}"]}
            if i >= 100:
                above = i // 100 - 1
                task["after"] = [f"layer-{above}/step-{i % 100}",
                                 f"layer-{above}/step-{(i + 7) % 100}:done"]
            tasks.append(json.dumps(task))
        self.add("--from", "-", "-q", stdin="\n".join(tasks), timeout=120)

    def test_pages_are_quick_and_fit_a_screen_or_say_how_to_see_all(self):
        for words, lines in ((["list"], 60), (["runs"], 60), (["status"], 24),
                             (["show", "layer-50/step-5"], 60), (["explain", "layer-99/step-99"], 24),
                             (["list", "layer-3/*", "--limit", "5"], 10),
                             (["runs", "--tag", "layer-7", "--limit", "5"], 10)):
            with self.subTest(words=words):
                began = time.monotonic()
                done = self.sched(*words)
                self.assertLess(time.monotonic() - began, BOUND)
                self.assertLessEqual(len(done.out.splitlines()), lines)
                for line in done.out.splitlines():
                    self.assertLessEqual(len(line), 80)

    def test_a_list_that_is_cut_says_so_and_all_can_be_had(self):
        done = self.sched("list")
        self.assertIn("--limit 0", done.err)
        began = time.monotonic()
        self.assertEqual(len(self.sched("list", "--limit", "0").out.splitlines()), COUNT + 1)
        self.assertEqual(len(self.json("runs")), COUNT)
        self.assertLess(time.monotonic() - began, 3 * BOUND)

    def test_a_name_that_is_not_there_tells_the_nearest_in_time(self):
        began = time.monotonic()
        self.assert_refused("show", "layer-50/stp-5", code=3, hint="layer-50/step-5")
        self.assertLess(time.monotonic() - began, BOUND)

    def test_status_counts_them_and_names_what_all_wait_for(self):
        self.assertIn("10,000 tasks", self.sched("status").out)
        self.assertEqual(self.json("status")["counts"]["tasks"], COUNT)


if __name__ == "__main__":
    main()
