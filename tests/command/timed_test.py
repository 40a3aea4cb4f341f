#!/usr/bin/env python3
"""Tasks that fire by the clock: what add and edit take, and that no firing is lost or doubled."""
import datetime
import json
import os
import signal
import time

from support import CommandTest, main, until

TELL = 'echo "$SCHED_NOMINAL_TIME" >> times'


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Timed(CommandTest):
    def times(self):
        """The nominal times that the command was told, in the order in which it ran."""
        try:
            with open(self.path("times"), encoding="ascii") as file:
                return [moment(line) for line in file.read().split()]
        except FileNotFoundError:
            return []

    def until_told(self, count):
        until(lambda: len(self.times()) >= count, f"{count} runs")

    def kill(self, worker):
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()

    def let_firings_pass(self, task, seconds):
        """While no worker runs, until its next firing is that long ago."""
        due = moment(self.json("show", task)["next_at"]).timestamp()
        until(lambda: time.time() > due + seconds, "firings have passed")

    def assert_grid(self, moments, step):
        """Each of them once, none left out."""
        gaps = {(after - before).total_seconds() for before, after in zip(moments, moments[1:])}
        self.assertEqual(gaps, {step}, moments)

    # What add and edit take.

    def test_add_says_when_it_fires_next(self):
        for name, words, at in (("a", ("--cron", "0 9 1 1 *"), "-01-01T09:00:00Z"),
                                ("b", ("--calendar", "*-01-01 10:00"), "-01-01T10:00:00Z"),
                                ("c", ("--cron", "0 9 1 1 *", "--zone", "Asia/Tokyo"),
                                 "-01-01T00:00:00Z")):
            done = self.add(name, *words, "--", "true")
            self.assertIn("next ", done.out)
            self.assertRegex(self.json("show", name)["next_at"], f"^[0-9]{{4}}{at}$")
        added = self.add("d", "--every", "1h", "--json", "--", "true")
        wait = moment(json.loads(added.out)["next_at"]).timestamp() - time.time()
        self.assertTrue(3500 < wait <= 3600, wait)
        self.assertEqual(self.json("runs"), [])

    def test_the_normal_form_of_a_calendar_expression_is_shown_back(self):
        for text, form in (("daily", "*-*-* 00:00:00"), ("mon-fri 9:00", "Mon..Fri *-*-* 09:00:00"),
                           ("*-*~1 18:00 Asia/Tokyo", "*-*~01 18:00:00 Asia/Tokyo")):
            done = self.add("--calendar", text, "--", "true")
            said = f"'{text}' in its normal form: {form}\n"
            self.assertEqual(done.err, said)
            self.assertEqual(self.sched("next", "--calendar", text).err, said)
            self.assertIn(f"calendar {text} ({form})", self.sched("show", "last").out)
            (timer,) = self.json("show", "last")["schedule"]["timers"]
            self.assertEqual(timer["normal_form"], form)
        done = self.add("same", "--calendar", form, "--", "true")
        self.assertEqual(done.err, "")

    def test_what_never_fires_is_refused_unless_forced(self):
        for words in (("--calendar", "2020-01-01"), ("--cron", "0 0 30 2 *"),
                      ("--every", "1s", "--only", "2020-01-01 09:00"),
                      ("--every", "1h", "--except", "Mon..Fri", "--except", "Sat,Sun")):
            self.assert_refused("add", "n", *words, "--", "true", says="never fires",
                                hint="--force")
        self.add("n", "--calendar", "2020-01-01", "--force", "--", "true")
        self.assertIsNone(self.json("show", "n")["next_at"])

    def test_what_cant_be_read_is_refused_with_its_option(self):
        for words, says in ((("--cron", "61 * * * *"), "--cron '61 * * * *': "),
                            (("--calendar", "Mon 25:00"), "--calendar 'Mon 25:00': "),
                            (("--every", "15"), "--every"), (("--every", "0s"), "--every '0s': "),
                            (("--cron", "@daily", "--zone", "Europe/Atlantis"), "--zone"),
                            (("--every", "1h", "--cron", "@daily", "--from", "finish"),
                             "--from finish"),
                            (("--cron", "@daily", "--at", "+1h"), "--at"),
                            (("--cron", "@daily", "--catch-up", "some"), "--catch-up"),
                            (("--jitter", "5m"), "--jitter")):
            self.assert_refused("add", "n", *words, "--", "true", says=says)
        self.assertEqual(self.json("list"), [])

    def test_edit_changes_when_it_fires_and_keeps_the_rest(self):
        self.add("a", "--cron", "0 9 1 1 *", "--overlap", "queue", "--count", "5", "--", "true")
        self.sched("edit", "a", "--cron", "0 10 1 2 *")
        task = self.json("show", "a")
        self.assertRegex(task["next_at"], "-02-01T10:00:00Z$")
        self.assertEqual(task["schedule"]["overlap"], "queue")
        self.assertEqual(task["runs_left"], 5)
        self.sched("edit", "a", "--zone", "Asia/Tokyo")
        self.assertRegex(self.json("show", "a")["next_at"], "-02-01T01:00:00Z$")

    def test_edit_leaves_a_schedule_for_a_moment_and_comes_back(self):
        for words in (("--every", "1h", "--count", "3"), ("--cron", "@reboot"),
                      ("--every", "1h", "--from", "finish")):
            name = "a" + str(len(self.json("list")))
            self.add(name, *words, "--", "true")
            self.sched("edit", name, "--at", "now")
            task = self.json("show", name)
            self.assertEqual((task["trigger"], task["schedule"], task["next_at"],
                              task["runs_left"]), ("once", None, None, None))
            self.work()
            self.assertEqual(self.end_of(name)[0], "succeeded")
            self.sched("edit", name, "--every", "2h")
            self.assertEqual(self.json("show", name)["trigger"], "timed")
            self.assertIsNotNone(self.json("show", name)["next_at"])

    def test_a_task_of_one_moment_gets_a_schedule(self):
        self.add("a", "--at", "+1h", "--", "true")
        self.sched("edit", "a", "--cron", "@yearly")
        self.assertEqual(self.end_of("a")[0], "cancelled")
        self.assertRegex(self.json("show", "a")["next_at"], "-01-01T00:00:00Z$")

    def test_bulk_takes_schedules(self):
        self.add("--from", "-", stdin=json.dumps({
            "name": "a", "shell": "true", "cron": ["0 9 * * *", "0 10 * * *"],
            "zone": "Europe/Berlin", "overlap": "queue", "catch-up": "all:3", "grace": "1h",
            "except": ["Sat", "Sun"], "count": 4, "jitter": "1m"}))
        schedule = self.json("show", "a")["schedule"]
        self.assertEqual([timer["text"] for timer in schedule["timers"]],
                         ["0 9 * * *", "0 10 * * *"])
        self.assertEqual((schedule["zone"], schedule["overlap"], schedule["catch_up"],
                          schedule["grace_ms"], schedule["except"]["expressions"],
                          schedule["count"], schedule["jitter_ms"]),
                         ("Europe/Berlin", "queue", "all:3", 3600000, ["Sat", "Sun"], 4, 60000))

    # What the worker makes of it.

    def test_the_command_is_told_the_moment_that_is_meant(self):
        self.add("a", "--every", "300ms", "--count", "3", "--overlap", "queue", "--catch-up", "all:9", "--shell", TELL)
        first = moment(self.json("show", "a")["next_at"])
        self.worker()
        self.until_told(3)
        self.assertEqual(self.times()[0], first)
        self.assert_grid(self.times(), 0.3)
        until(lambda: all(run["state"] == "finished" for run in self.json("runs", "a")), "all ends")
        task = self.json("show", "a")
        self.assertEqual((task["runs_left"], task["next_at"]), (0, None))

    def away(self, catch_up, *words):
        """A worker, none for some seconds, and a worker again; answers the runs, oldest first."""
        self.add("a", "--every", "1s", "--catch-up", catch_up, *words, "--shell", TELL)
        first = self.worker()
        self.until_told(1)
        self.kill(first)
        self.let_firings_pass("a", 2.5)
        before = len(self.times())
        second = self.worker()
        self.until_told(before + 4)
        self.kill(second)
        self.work(slots=2)  # What is in the queue comes to its end.
        runs = self.json("runs", "a")[::-1]
        # Whatever became of them: every firing has its row, and none has two.
        first, last = moment(runs[0]["nominal_at"]), moment(runs[-1]["nominal_at"])
        self.assertEqual(sum(run["firings"] for run in runs),
                         (last - first).total_seconds() + 1, runs)
        self.assertEqual(len(set(self.times())), len(self.times()))
        return runs

    def test_next_says_when_a_count_is_used_up(self):
        self.add("beat", "--every", "100ms", "--count", "2", "--shell", TELL)
        self.start("run", "--progress", "none")
        self.until_told(2)
        until(lambda: not self.json("next", "beat"), "no firing is to come")
        done = self.sched("next", "beat", "--json")
        self.assertEqual((done.out, done.err),
                         ("[]\n", "beat has run as often as it may: --count 2\n"))
        self.assertEqual(len(self.times()), 2)

    def test_catch_up_none_misses_what_fell_while_no_worker_ran(self):
        runs = self.away("none")
        missed = [run for run in runs if run["outcome"] == "missed"]
        self.assertGreaterEqual(missed[0]["firings"], 2)
        self.assertIn("no worker ran at the time, and catch-up is none", missed[0]["reason"])

    def test_catch_up_last_runs_the_newest(self):
        runs = self.away("last")
        missed = next(run for run in runs if run["outcome"] == "missed")
        after = runs[runs.index(missed) + 1]
        self.assertEqual((moment(after["nominal_at"]) - moment(missed["nominal_at"]))
                         .total_seconds(), 1)
        self.assertEqual(after["outcome"], "succeeded")

    def test_catch_up_all_runs_each_in_turn(self):
        runs = self.away("all", "--overlap", "queue")
        self.assertEqual({run["outcome"] for run in runs}, {"succeeded"}, runs[-3:])
        self.assert_grid(self.times(), 1)

    def test_kill_9_of_the_worker_loses_and_doubles_no_firing(self):
        count = 30
        self.add("a", "--every", "200ms", "--count", str(count), "--catch-up", "all",
                 "--overlap", "queue", "--shell", TELL)
        for told in (2, 5, 9, 14, 20):
            worker = self.worker()
            self.until_told(told)
            self.kill(worker)
            self.let_firings_pass("a", 0.3)
        self.worker()
        self.until_told(count)
        until(lambda: all(run["state"] == "finished" for run in self.json("runs", "a")), "all ends")
        self.assertEqual(len(self.times()), count)
        self.assert_grid(self.times(), 0.2)
        self.assertEqual([run["outcome"] for run in self.json("runs", "a")], ["succeeded"] * count)

    def test_two_workers_that_die_in_turn_fire_each_moment_once(self):
        count = 30
        self.add("a", "--every", "200ms", "--count", str(count), "--catch-up", "all",
                 "--overlap", "queue", "--shell", TELL)
        workers = [self.worker(), self.worker()]
        for told in (3, 8, 13, 18, 23):
            self.until_told(told)
            self.kill(workers.pop(0))
            workers.append(self.worker())
        self.until_told(count)
        until(lambda: all(run["state"] == "finished" for run in self.json("runs", "a")), "all ends")
        self.assert_grid(self.times(), 0.2)
        self.assertEqual([run["outcome"] for run in self.json("runs", "a")], ["succeeded"] * count)

    def test_a_change_of_what_becomes_of_firings_leaves_those_that_came(self):
        self.add("a", "--every", "300ms", "--count", "50", "--shell", TELL)
        self.let_firings_pass("a", 1)
        before = self.json("show", "a")
        for words in (("--catch-up", "all:2"), ("--overlap", "queue"), ("--retries", "1")):
            self.sched("edit", "a", *words)
        self.sched("add", "a", "--every", "300ms", "--count", "50", "--anchor",
                   before["schedule"]["anchor"], "--catch-up", "all:2", "--overlap", "queue",
                   "--if-exists", "replace", "--shell", TELL)
        after = self.json("show", "a")
        self.assertEqual((after["next_at"], after["runs_left"]), (before["next_at"], 50))
        self.assertEqual(self.json("runs", "a"), [])

    def test_a_change_of_times_says_what_was_missed(self):
        for name, change in (("a", ("--cron", "0 9 1 1 *")), ("b", ("--count", "")),
                             ("c", ("--manual",))):
            self.add(name, "--every", "300ms", "--count", "50", "--shell", TELL)
            self.let_firings_pass(name, 1)
            self.sched("edit", name, *change)
            (missed,) = self.json("runs", name)
            self.assertEqual(missed["outcome"], "missed")
            self.assertGreaterEqual(missed["firings"], 3)
            self.assertIn("its schedule was changed", missed["reason"])

    def test_other_fields_of_a_task_that_never_fires_can_be_changed(self):
        self.add("never", "--cron", "0 0 30 2 *", "--force", "--", "true")
        for words in (("--retries", "3"), ("--jitter", "5m"), ("--overlap", "allow")):
            self.sched("edit", "never", *words)
        self.assert_refused("edit", "never", "--cron", "0 0 31 2 *", says="never fires")

    def test_a_run_that_is_replaced_says_by_what(self):
        self.add("a", "--every", "700ms", "--count", "2", "--overlap", "replace", "--grace-kill",
                 "1s", "--", "sleep", "30")
        self.worker()
        until(lambda: len(self.json("runs", "a", "--state", "finished")) == 1, "one is replaced")
        (ended,) = self.json("runs", "a", "--state", "finished")
        self.assertEqual(ended["outcome"], "cancelled")
        self.assertRegex(ended["reason"], "^replaced by the firing of 2")

    def test_a_paused_task_says_what_it_missed(self):
        self.add("a", "--every", "200ms", "--catch-up", "all", "--shell", TELL)
        self.worker()
        self.sched("pause", "a")
        before = len(self.times())
        self.let_firings_pass("a", 1)
        self.sched("resume", "a")
        self.until_told(before + 1)
        missed = next(run for run in self.json("runs", "a") if run["outcome"] == "missed")
        self.assertGreaterEqual(missed["firings"], 5)
        self.assertIn("the task was paused", missed["reason"])


if __name__ == "__main__":
    main()
