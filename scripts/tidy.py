#!/usr/bin/env python3
"""Runs clang-tidy on all that the program is compiled from, but for what it has passed before as it is.

What passed is remembered below the user's cache directory, by a sum over clang-tidy's version, its
list of checks, and the source with all that it includes.

usage: tidy.py BUILD JOBS
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

PROGRAM = re.compile(r"CMakeFiles/sched(_core)?\.dir/")  # Not what tests are made of.
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "sched-tidy"


def included(entry):
    """The source as the compiler sees it with its comments, without the names of files, which differ by checkout."""
    words = shlex.split(entry["command"])
    words = words[1:] if os.path.basename(words[0]) == "ccache" else words
    out = words.index("-o")
    command = words[:out] + words[out + 2:] + ["-E", "-P", "-C"]
    command = [word for word in command if word not in ("-c", "-MD")]
    for option in ("-MT", "-MF"):
        if option in command:
            at = command.index(option)
            del command[at:at + 2]
    return subprocess.run(command, cwd=entry["directory"], check=True, capture_output=True).stdout


def looks_well(build, entry, common):
    mark = CACHE / hashlib.sha256(common + included(entry)).hexdigest()
    if mark.exists():
        return True
    done = subprocess.run(["clang-tidy", "-p", build, "--quiet", entry["file"]], check=False,
                          capture_output=True, text=True)
    if done.returncode == 0:
        mark.touch()
        return True
    print(done.stdout, flush=True)
    return False


def main():
    build, jobs = sys.argv[1], int(sys.argv[2])
    CACHE.mkdir(parents=True, exist_ok=True)
    common = pathlib.Path(".clang-tidy").read_bytes() + subprocess.run(
        ["clang-tidy", "--version"], check=True, capture_output=True).stdout
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = [entry for entry in json.load(file) if PROGRAM.search(entry["command"])]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        well = list(pool.map(lambda entry: looks_well(build, entry, common), entries))
    return 0 if well and all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
