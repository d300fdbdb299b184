"""Writes the golden tables next to this file: dates and their instants according to Python's zoneinfo.

    python3 pipelines/timestamps/golden/generate.py

An implementation that shares nothing with ours: another language, another calendar, another copy of the time zone data.
It uses only integers. The tables are committed: the tests need no Python.
"""

import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent
ZONES = ["America/New_York", "Europe/Paris"]
EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)

# The clock changes of 2024, in UTC. Between the two changes of a season, New York and Paris are 5 hours apart instead of 6.
CHANGES_2024 = [
    datetime(2024, 3, 10, 7),  # New York starts summer time
    datetime(2024, 3, 31, 1),  # Paris starts summer time
    datetime(2024, 10, 27, 1),  # Paris ends it
    datetime(2024, 11, 3, 6),  # New York ends it
]

# The ends of local mean time, whose offsets have seconds: New York 1883-11-18, Paris 1891-03-16 (to Paris mean
# time, which has the same ones) and 1911-03-10.
MEAN_TIME_ENDS = [datetime(1883, 11, 18, 17), datetime(1891, 3, 15, 23, 51, 39), datetime(1911, 3, 10, 23, 50, 39)]


def epoch_ms(micros):
    """Microseconds since 1970 as milliseconds without trailing zeros."""
    sign = "-" if micros < 0 else ""
    whole, fraction = divmod(abs(micros), 1000)
    return f"{sign}{whole}" + (f".{fraction:03d}".rstrip("0") if fraction else "")


def offset_text(offset):
    seconds = int(offset.total_seconds())
    sign = "-" if seconds < 0 else "+"
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{sign}{hour:02d}{minute:02d}" + (f"{second:02d}" if second else "")


def local_text(local):
    return local.strftime(f"{local.year:04d}-%m-%d %H:%M:%S.%f")


def instant_case(zone, utc):
    """One instant: the date that a log of this zone prints, and the expected timestamp."""
    local = utc.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    return {
        "zone": zone,
        "date": f"{local_text(local)} {offset_text(local.utcoffset())}",
        "timestamp": epoch_ms((utc - EPOCH) // MICROSECOND),
    }


def local_case(zone, naive):
    """One local time without an offset: the instants that it may mean."""
    candidates = []
    for fold in (0, 1):
        offset = naive.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset()
        utc = naive - offset
        shown = utc.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        candidates.append(((utc - EPOCH) // MICROSECOND, shown == naive))
    (first, is_shown), (second, _) = candidates
    kind = "skipped" if not is_shown else "once" if first == second else "ambiguous"
    return {
        "zone": zone,
        "date": local_text(naive),
        "kind": kind,
        "earlier": epoch_ms(min(first, second)),
        "later": epoch_ms(max(first, second)),
    }


def around(moment):
    """Both sides of a moment, to the microsecond and by the quarter of an hour."""
    steps = [timedelta(minutes=15 * quarter) for quarter in range(-9, 10)]
    steps += [timedelta(microseconds=micros) for micros in (-1_000_000, -1000, -1, 1, 999, 1000, 123_456)]
    return [moment + step for step in steps]


def instants(source):
    moments = [near for change in CHANGES_2024 + MEAN_TIME_ENDS for near in around(change)]
    # Local times of one zone that the clocks of the other zone, and of a host in it, skip.
    moments += [change + timedelta(minutes=30 * step) for change in CHANGES_2024 for step in range(-24, 25)]
    # The weeks in which only one of the two zones has changed its clocks.
    moments += [datetime(2024, 3, 20, 12, 0, 0, 1), datetime(2024, 10, 30, 12, 0, 0, 999_999)]
    moments += [datetime(2024, 1, 1) + timedelta(days=day, microseconds=day * 1_234_567_891) for day in range(0, 366, 5)]
    moments += [datetime(1969, 12, 31, 23, 59, 59, micros) for micros in (0, 1, 999, 999_000, 999_001, 999_999)]
    moments += [EPOCH, EPOCH + MICROSECOND, datetime(1, 1, 2, 0, 0, 0, 1), datetime(9999, 12, 30, 23, 59, 59, 999_999)]
    moments += [datetime(2255, 6, 5, 23, 47, 34, 740_993), datetime(1582, 10, 10), datetime(1900, 2, 28, 23), datetime(2000, 2, 29)]
    span = (datetime(9999, 12, 30) - datetime(1, 1, 2)) // MICROSECOND
    moments += [datetime(1, 1, 2) + timedelta(microseconds=source.randrange(span)) for _ in range(200)]
    century = (datetime(2038, 1, 1) - datetime(1880, 1, 1)) // MICROSECOND
    moments += [datetime(1880, 1, 1) + timedelta(microseconds=source.randrange(century)) for _ in range(300)]
    return moments


def local_moments(zone):
    """Around every clock change of the zone from 1880 to 2037, in its own local time."""
    moments = []
    hour = timedelta(hours=1)
    utc = datetime(1880, 1, 1, tzinfo=timezone.utc)
    while utc.year < 2038:
        before = utc.astimezone(ZoneInfo(zone)).utcoffset()
        after = (utc + hour).astimezone(ZoneInfo(zone)).utcoffset()
        if before != after:
            low, high = utc, utc + hour
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                low, high = (middle, high) if middle.astimezone(ZoneInfo(zone)).utcoffset() == before else (low, middle)
            for offset in {before, after}:
                edge = high.replace(tzinfo=None) + offset
                moments += [edge - MICROSECOND, edge, edge + (after - before) // 2]
        utc += hour
    return moments


def write(name, cases):
    unique = list({json.dumps(case): case for case in cases}.values())
    lines = ",\n".join(json.dumps(case) for case in unique)
    (FOLDER / name).write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(unique)} cases")


source = random.Random(2024)
write("instants.json", [instant_case(zone, moment) for moment in instants(source) for zone in ZONES])
write(
    "local-times.json",
    [local_case(zone, moment) for zone in ZONES for moment in local_moments(zone)]
    + [local_case(zone, change + timedelta(minutes=step)) for zone in ZONES for change in CHANGES_2024 for step in range(-720, 721, 30)],
)
