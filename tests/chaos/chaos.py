#!/usr/bin/env python3
"""Puts faults in and looks whether the promises hold.

usage: chaos.py SCHED [--quick | --full] [--only NAME ...] [--seed N] [--soak DURATION] [--keep]
       chaos.py --list quick|full

Each scenario has a seed, from which it draws what it kills and when. The machine draws too (which
process runs next), so the same seed is the same plan and not the same instruction. One that fails
keeps its directory and says how to repeat it.
"""
import argparse
import datetime
import os
import platform
import sqlite3
import sys

import care_crashes  # noqa: F401  (each module names its scenarios when it is read)
import command_crashes  # noqa: F401
import commands  # noqa: F401
import crashes  # noqa: F401
import damage  # noqa: F401
import errors  # noqa: F401
import load  # noqa: F401
import machine  # noqa: F401
import races  # noqa: F401
import soak  # noqa: F401
import stops  # noqa: F401
import storms  # noqa: F401
import times  # noqa: F401
import turns  # noqa: F401
from scenario import ALL, play

HEAD = ("| scenario | faults of | faults | runs | lost | doubled | orphans | false successes | |\n"
        "|---|---|--:|--:|--:|--:|--:|--:|---|")


def row(result):
    verdict = result.verdict
    end = f"not tried: {result.skipped}" if result.skipped else "held" if result.good() else "BROKEN"
    return (f"| {result.scenario.name} | {result.scenario.rows} | {result.faults} | {verdict.runs} | {verdict.lost} |"
            f" {verdict.doubled} | {verdict.orphans} | {verdict.false_successes} | {end} |")


def total(results):
    sums = [sum(r.faults for r in results)]
    for name in ("runs", "lost", "doubled", "orphans", "false_successes"):
        sums.append(sum(getattr(r.verdict, name) for r in results))
    broken = sum(not r.good() for r in results)
    end = "all held" if broken == 0 else f"{broken} BROKEN"
    return f"| **all** | | {' | '.join(str(s) for s in sums)} | {end} |"


def machine_line():
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((l.split(":")[1].strip() for l in file if l.startswith("model name")), model)
    return (f"{datetime.date.today()}, {os.cpu_count()} cores ({model}), Linux {platform.release()},"
            f" SQLite {sqlite3.sqlite_version}")


def run_one(chosen, options):
    size = dict(chosen.quick if options.quick else chosen.full)
    if "seconds" in size and chosen.name == "soak" and options.soak:
        size["seconds"] = options.soak
    print(f"== {chosen.name} ({chosen.what})", flush=True)
    result = play(chosen, options.sched, options.seed, size, options.keep)
    for note in result.notes:
        print(f"   {note}")
    for promise, text in result.verdict.complaints[:20]:
        print(f"   BROKEN {'Q' + str(promise) if promise else 'rule'}: {text}")
    if result.directory:
        print(f"   kept in {result.directory}")
    if not result.good():
        print(f"   again: {sys.argv[0]} {options.sched} --only {chosen.name} --seed {options.seed}"
              f"{' --quick' if options.quick else ''}")
    print(f"   {result.seconds:.1f} s, {result.faults} faults, {result.verdict.runs} runs:"
          f" {'skipped, ' + result.skipped if result.skipped else 'held' if result.good() else 'BROKEN'}", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("sched", nargs="?")
    parser.add_argument("--list", choices=["quick", "full"])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--soak", type=float, default=0, help="seconds")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(s.name for s in ALL.values() if options.list == "full" or s.in_quick))
        return 0
    if not options.sched:
        parser.error("which program?")
    options.sched = os.path.abspath(options.sched)
    unknown = [name for name in options.only if name not in ALL]
    if unknown:
        parser.error(f"no scenario {unknown[0]}; there are {', '.join(ALL)}")
    chosen = [s for s in ALL.values() if (s.name in options.only if options.only
                                          else s.in_quick or not options.quick)]
    results = [run_one(one, options) for one in chosen]
    if len(results) > 1:
        print(f"\n{machine_line()}\n\n{HEAD}")
        print("\n".join(row(r) for r in results))
        print(total(results))
    if len(results) == 1 and results[0].skipped:
        return 77
    return 0 if all(r.good() for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
