#!/usr/bin/env python3
"""zones.py < OUTPUT-OF-ZONES : compares with the time zone database of the system."""
import datetime
import sys
import zoneinfo

seen, wrong, twice = set(), 0, 0
for line in sys.stdin:
    code, name, instant, local, back = line.split()
    zone = zoneinfo.ZoneInfo(name)
    seen.add(name)
    theirs = datetime.datetime.fromtimestamp(int(instant), zone)
    # Back to an instant: the seconds are lost; an hour that comes twice gives the first.
    again = theirs.replace(second=0, fold=0).timestamp()
    twice += theirs.fold
    if theirs.strftime("%Y-%m-%dT%H:%M") != local or again != int(back):
        wrong += 1
        if wrong < 10:
            print(f"{code} {name} {instant}: {local}, back {back}; zoneinfo {theirs}, {again:.0f}")
print(f"{len(seen)} zones, {wrong} differences, {twice} instants in an hour that comes twice",
      file=sys.stderr)
sys.exit(1 if wrong or len(seen) < 14 or not twice else 0)
