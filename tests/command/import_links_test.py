#!/usr/bin/env python3
"""`sched import systemd`: OnFailure= and OnSuccess= become handlers."""
import os

from support import CommandTest, main

SERVICE = "[Service]\nType=oneshot\nExecStart="


class ImportLinks(CommandTest):
    def unit(self, name, text):
        os.makedirs(self.path("units"), exist_ok=True)
        with open(f"{self.path('units')}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def results(self, *names, code=0):
        """Of each line of the report that is a job or a link, what became of it."""
        report = self.json("import", "systemd", *(f"{self.path('units')}/{name}" for name in names),
                           code=code)
        return {line["task"] if line["is_job"] else line["what"]: line["result"]
                for line in report if line["is_job"] or line["what"].startswith(("OnF", "OnS"))}

    def setUp(self):
        super().setUp()
        self.unit("backup.timer", "[Timer]\nOnCalendar=daily\n")
        self.unit("backup.service", "[Unit]\nOnFailure=alert@%N.service\nOnSuccess=report.service\n"
                  f"{SERVICE}/bin/false\n")
        self.unit("alert@.service", f"{SERVICE}/bin/sh -c 'echo %i $SCHED_FOR_OUTCOME'\n")
        self.unit("report.timer", "[Timer]\nOnCalendar=weekly\n")
        self.unit("report.service", f"{SERVICE}/bin/true\n")

    def handlers(self, task="backup"):
        task = self.json("show", task)
        return task["on_failure"], task["on_success"]

    def test_bounds_of_disks_hold_for_all(self):
        self.unit("report.service", f"[Service]\nIOReadBandwidthMax=/dev/sda 2M\nIOWriteBandwidthMax=/ 4096\n"
                                    f"MemoryMax=1G\nCPUQuota=50%\nExecStart=/bin/true\n")
        report = self.json("import", "systemd", self.path("units/report.timer"))
        self.assertIn("IOReadBandwidthMax=/dev/sda 2000000: holds for every disk, and runs fail where their worker may "
                      "make no cgroup", [line["what"] for line in report if line["result"] == "changed"])
        task = self.json("show", "report")
        self.assertEqual((task["io_max"], task["max_rss_bytes"]), ("read=2000000,write=4k", 1 << 30))

    def test_units_of_one_import_are_handlers(self):
        units = ("backup.timer", "alert@backup.service", "report.timer")
        self.assertEqual(self.results(*units),
                         {"backup": "taken", "alert-backup": "taken", "report": "taken",
                          "OnFailure=alert@backup.service": "taken", "OnSuccess=report.service": "taken"})
        self.assertEqual(self.handlers(), (["alert-backup"], ["report"]))
        self.assertEqual(self.json("show", "alert-backup")["trigger"], "manual")
        self.sched("start", "backup")
        self.work(code=1)
        self.assertEqual(self.logs("alert-backup"), "backup failed\n")
        self.assertEqual(set(self.results(*units).values()), {"unchanged", "taken"})

    def test_what_is_no_task_is_told_and_is_found_when_it_is_one(self):
        lost = self.results("backup.timer")
        self.assertEqual(lost, {
            "backup": "taken",
            "OnFailure=alert@backup.service: it is no task; name it too, or import it first": "ignored",
            "OnSuccess=report.service: it is no task; name it too, or import it first": "ignored"})
        self.assertEqual(self.handlers(), ([], []))
        self.results("report.timer")
        self.assertEqual(self.results("backup.timer")["backup"], "updated")
        self.assertEqual(self.handlers(), ([], ["report"]))

    def test_one_of_its_own_is_told_and_a_cycle_is_refused(self):
        self.unit("report.service", f"[Unit]\nOnFailure=report.service\n{SERVICE}/bin/true\n")
        self.assertEqual(self.results("report.timer"), {
            "report": "taken", "OnFailure=report.service: a task can't handle its own end": "ignored"})
        self.unit("a.service", f"[Unit]\nOnFailure=b.service\n{SERVICE}/bin/true\n")
        self.unit("b.service", f"[Unit]\nOnFailure=a.service\n{SERVICE}/bin/true\n")
        self.assert_refused("import", "systemd", self.path("units/a.service"), self.path("units/b.service"),
                            says="handlers form a cycle")
        self.assert_refused("import", "systemd", "no-such.service", code=3, says="no service")

    def test_what_a_person_set_stays_when_the_unit_changes(self):
        self.results("report.timer")
        for name in ("first", "mine"):
            self.add(name, "--manual", "--", "true")
        self.sched("queue", "add", "q", "--default", "retries=3", "--default", "on-success=mine")
        self.sched("edit", "report", "--on-failure", "mine", "--fallback", "first", "--queue", "q",
                   "--after", "first:done")
        self.unit("report.timer", "[Timer]\nOnCalendar=monthly\n")
        self.assertEqual(self.results("report.timer"), {"report": "updated"})
        task = self.json("show", "report")
        self.assertEqual((task["on_failure"], task["on_success"], task["fallback"], task["queue"], task["retries"]),
                         (["mine"], [], "first", "q", 0))
        self.assertEqual([(edge["task"], edge["condition"]) for edge in task["upstream"]], [("first", "done")])


if __name__ == "__main__":
    main()
