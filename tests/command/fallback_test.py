#!/usr/bin/env python3
"""`--fallback`: what failed is done in another way, and who waits for it waits for that."""
from care import CareTest
from support import main, until


class Fallback(CareTest):
    def chain(self, build="false", rescue="true", *words):
        """build with its fallback, and report after it."""
        self.add("rescue", "--manual", "--shell", rescue)
        self.add("build", "--manual", "--fallback", "rescue", *words, "--shell", build)
        self.add("report", "--after", "build", "--shell", "echo report >> history")

    def test_what_comes_after_waits_for_the_fallback_and_all_is_well(self):
        self.chain(rescue='echo "$SCHED_FOR_TASK $SCHED_NOMINAL_TIME" >> history')
        self.sched("start", "build")
        self.work()
        build, rescue = self.run_of("build"), self.run_of("rescue")
        self.assertEqual(self.history(), [f"build {build['nominal_at']}", "report"])
        self.assertEqual(build["outcome"], "failed")
        self.assertEqual(build["reason"],
                         f"exit 1; run-{rescue['id']} of rescue runs in its place")
        self.assertEqual(build["resolution"], f"fallback run-{rescue['id']} succeeded")
        self.assertEqual(rescue["trigger"], f"fallback:{build['id']}.1")
        self.assertEqual(rescue["flow_id"], build["id"])
        self.assertEqual(self.run_of("report")["edges"][0]["run_id"], rescue["id"])
        self.assertEqual(self.json("dead", "list"), [])

    def test_when_both_fail_what_comes_after_is_skipped(self):
        self.chain(rescue="exit 5")
        self.sched("start", "build")
        done = self.sched("run", "--until-idle", code=1)
        self.assertIn("2 badly (1 with a fallback)", done.out)
        self.assertEqual(self.end_of("report"),
                         ("skipped", "dependency build:success refused: rescue failed"))
        self.assertEqual(sorted(run["task"] for run in self.json("dead", "list")),
                         ["build", "rescue"])

    def test_exit_codes_are_those_of_what_ran_in_its_place(self):
        self.chain(rescue="[ -e go ] || exit 7")
        self.sched("start", "build")
        self.work(code=1)
        self.assertEqual(self.sched("wait", "build", code=1).err.count("rescue"), 1)
        self.sched("wait", "--exit-code", "build", code=7)
        self.write("go", "")
        self.sched("start", "build")
        self.work()
        self.sched("wait", "build")
        ended = self.json("wait", "build", "rescue")
        self.assertEqual([run["task"] for run in ended], ["rescue"])

    def test_wait_goes_on_to_the_fallback(self):
        self.chain(rescue="until [ -e go ]; do sleep 0.02; done")
        self.worker()
        self.sched("start", "build")
        waits = self.start("wait", "build", "--timeout", "20s")
        until(lambda: self.json("runs", "rescue", "--state", "running"), "rescue is running")
        self.sched("wait", "build", "--timeout", "100ms", code=6)
        self.assertIsNone(waits.poll())
        explained = " ".join(self.sched("explain", "report").out.split())
        self.assertIn("in whose place rescue is running", explained)
        self.assertIn("sched logs -f rescue", explained)
        self.write("go", "")
        self.finish(waits, code=0)

    def test_explain_tells_a_fallback_that_is_paused(self):
        self.chain()
        self.sched("pause", "rescue")
        self.sched("start", "build")
        self.work()
        explained = " ".join(self.sched("explain", "report").out.split())
        self.assertIn("in whose place rescue is waiting, for its task is paused", explained)
        self.assertIn("sched resume rescue", explained)
        self.assertIn("runs in its place", self.sched("explain", "build").out)
        self.assertIn("runs in its place", self.sched("runs", "build", env={"COLUMNS": "200"}).out)

    def test_a_failure_still_calls_and_a_success_of_the_fallback_is_its_own(self):
        self.add("notify", "--manual", "--shell", "echo notify >> history")
        self.add("cheer", "--manual", "--shell", "echo cheer $SCHED_FOR_TASK >> history")
        self.chain("false", "true", "--on-failure", "notify", "--on-success", "cheer")
        self.sched("edit", "rescue", "--on-success", "cheer")
        self.sched("start", "build")
        self.work()
        self.assertEqual(sorted(self.history()), ["cheer rescue", "notify", "report"])

    def test_a_retry_of_the_original_takes_back_what_a_failed_fallback_held(self):
        self.chain(build="[ -e mended ]", rescue="false")
        self.sched("start", "build")
        self.work(code=1)
        self.write("mended", "")
        self.assertIn("waits again: report", self.sched("retry", "--downstream", "build").out)
        self.work()
        self.assertEqual(self.history(), ["report"])

    def test_a_later_success_leaves_the_fallback_where_it_did_the_work(self):
        self.chain(build="[ -e mended ]")
        self.sched("start", "build")
        self.work()
        self.write("mended", "")
        self.sched("retry", "build")
        self.work()
        self.assertEqual(self.history(), ["report"])
        self.assertEqual(self.run_of("build")["outcome"], "succeeded")
        self.assertEqual(len(self.json("runs", "rescue")), 1)

    def test_kill_9_between_neither_loses_nor_doubles_it(self):
        for number in range(8):
            self.add(f"r{number}", "--manual", "--shell",
                     "echo r$SCHED_FOR_RUN_ID >> history; sleep 0.05")
            self.add(f"b{number}", "--fallback", f"r{number}", "--shell", "sleep 0.05; exit 1")
            self.add(f"z{number}", "--after", f"b{number}", "--shell",
                     "echo $SCHED_TASK >> history")

        def all_over():
            return all(run["state"] == "finished" for run in self.json("runs", "--limit", "100"))
        while not all_over():
            seen = len(self.history())
            worker = self.worker(slots=2)
            until(lambda: worker.poll() is not None or len(self.history()) > seen or all_over(),
                  "it gets on")
            worker.kill()
            worker.wait()
        ids = {f"r{self.run_of(f'b{number}')['id']}" for number in range(8)}
        self.assertEqual(sorted(self.history()),
                         sorted(ids | {f"z{number}" for number in range(8)}))
        self.assertEqual(self.json("dead", "list"), [])
        self.assert_sound()

    def test_edit_changes_it_and_takes_it_away(self):
        self.chain()
        self.add("other", "--manual", "--", "true")
        self.sched("edit", "build", "--fallback", "other")
        self.assertEqual(self.json("show", "build")["fallback"], "other")
        self.assertRegex(self.sched("show", "build").out, r"Fallback +other")
        self.sched("edit", "build", "--fallback", "")
        self.assertIsNone(self.json("show", "build")["fallback"])
        self.sched("start", "build")
        self.work(code=1)
        self.assertEqual(self.end_of("report")[0], "skipped")


if __name__ == "__main__":
    main()
