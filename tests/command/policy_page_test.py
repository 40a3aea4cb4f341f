#!/usr/bin/env python3
"""The examples of sched-policy(7), typed as they stand there: each must do what it says."""
import os
import re
import subprocess

from pressed import Pressed, may_mount
from support import SCHED, CommandTest, main

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../man/prose/sched-policy.txt")


def examples():
    """Of each section the lines that are typed, with the lines that are expected below the last."""
    with open(PAGE, encoding="utf-8") as file:
        for section in re.split(r"(?m)^# ", file.read())[1:]:
            heading, _, body = section.partition("\n")
            typed, expected = [], []
            for line in body.splitlines():
                if line.startswith("  $ "):
                    typed.append(line[4:])
                elif line.startswith("  ") and typed:
                    expected.append(line[2:])
            if typed:
                yield heading, typed, expected


class Examples(CommandTest):
    def test_every_policy_has_an_example(self):
        headings = {heading for heading, _, _ in examples()}
        self.assertLessEqual({"FIFO", "PRIORITY", "SHORTEST", "DEADLINE", "FAIR", "ROUND ROBIN", "PREEMPTION", "WANT OF MEMORY",
                              "MIXTURES", "WEIGHTS", "GUARANTEED SLOTS", "NEEDS AND BACKFILL"}, headings)

    def lack_memory(self, directory):
        """Memory is short when both of the example run, until it says that there is some."""
        def both_run():
            try:
                with open(directory + "/order", encoding="ascii") as file:
                    return len(file.readlines()) == 2
            except FileNotFoundError:
                return False
        machine = Pressed(self.home, full=0.5)
        machine.begin(self, when=both_run, over=lambda: os.path.exists(directory + "/go"))
        return machine.before()

    def test_each_does_what_it_says(self):
        programs = self.path("bin")
        os.mkdir(programs)
        os.symlink(SCHED, programs + "/sched")
        for heading, typed, expected in examples():
            with self.subTest(heading=heading):
                directory = self.path(heading.replace(" ", "-").lower())
                os.mkdir(directory)
                before = []
                if heading == "WANT OF MEMORY":
                    if not may_mount():
                        continue  # Only root may put files of its own below /proc.
                    before = self.lack_memory(directory)
                script = "exec 3>&1 >/dev/null\n" + "\n".join(typed[:-1]) + "\nexec >&3\n" + typed[-1]
                done = subprocess.run(
                    [*before, "bash", "-eu", "-c", script], cwd=directory, capture_output=True, text=True, check=False,
                    timeout=60, env={**self.environment, "SCHED_STORE": directory + "/store",
                                     "PATH": programs + ":" + self.environment["PATH"]})
                self.assertEqual((done.returncode, done.stdout.splitlines()), (0, expected), done.stderr)


if __name__ == "__main__":
    main()
