#!/usr/bin/env python3
"""Measures sched beside the floors that the machine sets, and beside its peers, in one table.

usage: bench.py SCHED [--programs DIRECTORY] [--quick] [--only 1,5,14]

Each line is measured in rounds that try everything in turn: medians, and as noise half of the spread
of the middle half of the rounds' ratios. --quick asks each figure at a small size whether it can be
measured at all, and looks at no clock.
"""
import argparse
import math
import os
import platform
import re
import sqlite3
import sys
import time

import adding
import choosing
import drain
import idle
import keeping
import long_life
import peers
import place as places
import scale
import sharing
from table import as_markdown

FIGURES = {number: function for module in (drain, adding, scale, sharing, idle, keeping, choosing, long_life)
           for name, function in vars(module).items() if name.startswith("figure_")
           for number in [int(name[len("figure_"):])]}


def machine():
    name = "?"
    with open("/etc/os-release", encoding="utf-8") as file:
        name = re.search(r'^PRETTY_NAME="(.*)"', file.read(), re.M)[1]
    return (f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {name}, Linux {platform.release()}, "
            f"SQLite {sqlite3.sqlite_version}")


def unhealthy(number, lines):
    """What is wrong with the lines of a figure, however small it was measured."""
    if not lines:
        return f"figure {number} has no line"
    for line in lines:
        numbers = [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", line.ours)]
        if not numbers and "absent" not in line.floor:
            return f"figure {number}, {line.what!r}: no value"
        if line.ratio is not None and not (math.isfinite(line.ratio) and line.ratio > 0):
            return f"figure {number}, {line.what!r}: ratio {line.ratio}"
        if any(not math.isfinite(value) for value in numbers):
            return f"figure {number}, {line.what!r}: {line.ours}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sched")
    parser.add_argument("--programs", help="where sched_bench_floor and sched_bench_cycle are")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", help="numbers of figures, with commas")
    options = parser.parse_args()
    programs = options.programs or os.path.dirname(os.path.abspath(options.sched)) + "/tests/bench"
    wanted = [int(word) for word in options.only.split(",")] if options.only else sorted(FIGURES)
    place = places.Place(options.sched, programs, options.quick)
    lines, complaints = [], []
    try:
        for number in wanted:
            begun = time.monotonic()
            found = list(FIGURES[number](place))
            lines += found
            if not options.quick:
                for line in found:
                    print("  ".join(cell for cell in line.cells() if cell), file=sys.stderr)
            complaint = unhealthy(number, found)
            if complaint:
                complaints.append(complaint)
            if options.quick:
                print(f"figure {number}: {len(found)} lines in {time.monotonic() - begun:.1f} s", file=sys.stderr)
    finally:
        place.close()
    print(f"Measured: {machine()}.\n")
    print(as_markdown(lines))
    absent = peers.missing()
    if absent:
        print(f"\nNot installed, so not in the table: {', '.join(absent)}.")
    held = [line.held for line in lines if line.held is not None]
    if not options.quick:
        print(f"\n{held.count(True)} of {len(held)} bounds held.")
    for complaint in complaints:
        print(f"bench: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


sys.exit(main())
