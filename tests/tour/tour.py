#!/usr/bin/env python3
"""The README's tour, typed as it stands there: every command must print what the README shows.

All ```console blocks below the heading of the tour run in one bash, in order, with a HOME and a
directory of their own. A line `$ command` is typed, with the lines `> ...` right below it; what stands
below is expected on its standard output and standard error together.

How shown and seen are compared, line by line:
  ...             a line of its own: any lines, or none
  text...         a line that begins with text
  NORMALISATIONS  what differs from one time to the next is made the same on both sides

The line that puts build/ before PATH takes the directory of SCHED_UNDER_TEST instead.

usage: tour.py README
"""
import difflib
import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile

HEADING = "A tour of ten minutes"
PATH_LINE = 'export PATH="$PWD/build:$PATH"'
PATIENCE = 100.0

NORMALISATIONS = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?"), "DATE"),
    (re.compile(r"\bpid \d+"), "pid N"),
    # How far away a moment is: now, 2 s ago, in 59 min.
    (re.compile(r"\b(now\b|\d+ (s|min|h|days) ago\b|in \d+ (s|min|h|days)\b)"), "WHEN"),
    # Lengths of time: 12ms, 1.0s, 59m59s.
    (re.compile(r"\b(\d+(\.\d+)?(ms|s|m|h|d))+\b"), "TIME"),
    # Columns are as wide as what is in them.
    (re.compile(r" {2,}"), "  "),
]


class Step:
    """One command and what the README shows below it."""

    def __init__(self, command, line):
        self.command = command
        self.line = line
        self.expected = []


def read_steps(path):
    """The steps of the tour, in order."""
    steps, in_tour, in_block = [], False, False
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for number, line in enumerate(lines, 1):
        if in_block:
            may_go_on = in_block != "new" and not steps[-1].expected
            if line == "```":
                in_block = False
            elif line.startswith("$ "):
                steps.append(Step(line[2:], number))
                in_block = "command"
            elif in_block == "new":
                sys.exit(f"{path}:{number}: a console block begins with a command: {line}")
            elif line.startswith("> ") and may_go_on:
                steps[-1].command += "\n" + line[2:]
            else:
                steps[-1].expected.append(line)
        elif line.startswith("## "):
            in_tour = line[3:].strip() == HEADING
        elif line == "```console" and in_tour:
            in_block = "new"
    return steps


def script_of(steps, mark):
    """One script of all commands, each followed by a mark that leaves $? as it was."""
    binary = os.path.dirname(os.path.abspath(os.environ["SCHED_UNDER_TEST"]))
    lines = ["set +e"]
    for step in steps:
        command = step.command
        if command == PATH_LINE:
            command = f'export PATH={shlex.quote(binary)}:"$PATH"'
        lines += [command, f"tour_code=$?; printf '%s\\n' {mark}; (exit $tour_code)"]
    return "\n".join(lines) + "\n"


def normalise(line):
    for pattern, replacement in NORMALISATIONS:
        line = pattern.sub(replacement, line)
    return line.rstrip()


def line_matches(expected, seen):
    if expected.endswith("..."):
        return normalise(seen).startswith(normalise(expected[:-3]))
    return normalise(expected) == normalise(seen)


def matches(expected, seen):
    """Whether the lines seen are those expected, with `...` standing for any of them."""
    if not expected:
        return not seen
    if expected[0] == "...":
        return any(matches(expected[1:], seen[skip:]) for skip in range(len(seen) + 1))
    return bool(seen) and line_matches(expected[0], seen[0]) and matches(expected[1:], seen[1:])


def run(script, place):
    """What the script wrote; what it left in its process group is ended."""
    for name in ("home", "cwd", "tmp"):
        os.mkdir(os.path.join(place, name))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.path.join(place, "home"),
        "TMPDIR": os.path.join(place, "tmp"),
        "LANG": "C.UTF-8",
    }
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    file = os.path.join(place, "tour.sh")
    with open(file, "w", encoding="utf-8") as out:
        out.write(script)
    # To a file, not a pipe: what a command leaves in the background can't keep us waiting.
    with open(os.path.join(place, "seen"), "wb+") as seen:
        bash = subprocess.Popen(
            ["bash", file], cwd=os.path.join(place, "cwd"), env=environment,
            stdin=subprocess.DEVNULL, stdout=seen, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            bash.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            print(f"tour: not done after {PATIENCE:g} s", file=sys.stderr)
        finally:
            try:
                os.killpg(bash.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            bash.wait()
        seen.seek(0)
        return seen.read().decode(errors="backslashreplace")


def complain(readme, step, seen):
    print(f"{readme}:{step.line}: $ {step.command}", file=sys.stderr)
    print("--- expected\n" + "\n".join(step.expected), file=sys.stderr)
    print("--- seen\n" + "\n".join(seen), file=sys.stderr)
    print("--- the difference, with what varies made the same", file=sys.stderr)
    for line in difflib.ndiff([normalise(l) for l in step.expected], [normalise(l) for l in seen]):
        print(line.rstrip("\n"), file=sys.stderr)


def main():
    if len(sys.argv) != 2 or "SCHED_UNDER_TEST" not in os.environ:
        sys.exit("usage: SCHED_UNDER_TEST=PROGRAM tour.py README")
    readme = sys.argv[1]
    steps = read_steps(readme)
    if not steps or steps[0].command != PATH_LINE:
        sys.exit(f"{readme}: no '## {HEADING}' that begins with: $ {PATH_LINE}")
    mark = f"tour-{secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory(prefix="tour-", ignore_cleanup_errors=True) as place:
        seen = run(script_of(steps, mark), place)
    *answers, rest = seen.split(mark + "\n")
    for step, answer in zip(steps, answers):
        if not matches(step.expected, answer.splitlines()):
            complain(readme, step, answer.splitlines())
            return 1
    if len(answers) < len(steps):
        complain(readme, steps[len(answers)], rest.splitlines())
        return 1
    print(f"{len(steps)} commands did what the README shows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
