"""The same as cron_next.cpp, by croniter (python3-croniter)."""

import sys
import time
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import croniter


def cases(path):
    with open(path, encoding="utf-8") as table:
        columns = next(table).lstrip("#").rstrip("\n").split("\t")
        for line in table:
            row = dict(zip(columns, line.rstrip("\n").split("\t")))
            if "never" in row["next_utc"] or row["base_utc"] >= "2200":
                continue  # it searches for these until it gives up
            base = datetime.fromisoformat(row["base_utc"].rstrip("Z")).replace(tzinfo=timezone.utc)
            yield row["expr"], base.astimezone(ZoneInfo(row["tz"]))


def main():
    taken, asked, left_out = 0.0, 0, 0
    for text, base in cases(sys.argv[1]):
        try:
            walk = croniter.croniter(text, base)
            start = time.process_time()
            for _ in range(6):
                walk.get_next(datetime)
            taken += time.process_time() - start
            asked += 6
        except (ValueError, OverflowError):  # its own errors are ValueErrors
            left_out += 1
    version = getattr(croniter, "__version__", "?")
    print(f"croniter   {taken / asked * 1e9:10.0f} ns per next "
          f"({version}; {asked} times, {left_out} expressions left out)")


main()
