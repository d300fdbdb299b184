"""Writes iso-dates.json next to this file: dates as Python, JavaScript, Java and Go print them, and their instants.

    python3 pipelines/timestamps/golden/generate-iso.py

Needs node, java and go. Each text comes from the language's own formatter, and its instant from the language's integers:
seconds since 1970 of the local time, nanoseconds, and the offset in seconds, null if the text has none. The table
is committed: the tests need none of them.
"""

import json
import random
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

OUTPUT = Path(__file__).parent / "iso-dates.json"
EPOCH = datetime(1970, 1, 1)

OFFSETS = [0, 3600, -18000, 19800, 20700, -12600, 50400, -43200, 86340, -86340, -17762, 561]
NANOS = [0, 1, 999, 1000, 500_000_000, 884_548_000, 884_000_000, 880_000_000, 884_548_100, 999_999_000, 999_999_999]
LOCALS = [
    datetime(1, 1, 2),
    datetime(999, 12, 31, 23, 59, 59),
    datetime(1883, 11, 18, 12),
    datetime(1969, 12, 31, 23, 59, 59),
    datetime(1970, 1, 1),
    datetime(2000, 2, 29, 1, 2, 3),
    datetime(2024, 2, 5, 10, 1, 52),
    datetime(2024, 2, 5, 10, 0, 0),
    datetime(2024, 3, 31, 2, 30),
    datetime(9999, 12, 30, 23, 59, 59),
]

random.seed(20240205)
MOMENTS = [(local, random.choice(NANOS), offset) for local in LOCALS for offset in OFFSETS]
MOMENTS += [(datetime(2024, 2, 5, 10, 1, 52), nanos, offset) for nanos in NANOS for offset in (0, -18000)]


def seconds_of(local):
    return (local - EPOCH) // timedelta(seconds=1)


def python_cases():
    for local, nanos, offset in MOMENTS:
        exact = local.replace(microsecond=nanos // 1000)
        zoned = exact.replace(tzinfo=timezone(timedelta(seconds=offset)))
        whole = nanos // 1000 * 1000
        yield "Python isoformat()", zoned.isoformat(), seconds_of(local), whole, offset
        yield "Python str()", str(zoned), seconds_of(local), whole, offset
        yield "Python isoformat(), naive", exact.isoformat(), seconds_of(local), whole, None
        yield "Python isoformat(timespec='milliseconds')", zoned.isoformat(timespec="milliseconds"), seconds_of(
            local
        ), nanos // 1_000_000 * 1_000_000, offset
        yield "Python isoformat(timespec='seconds')", zoned.isoformat(timespec="seconds"), seconds_of(local), 0, offset
        yield "Python isoformat(timespec='minutes')", zoned.isoformat(timespec="minutes"), None, None, None
    odd = timezone(timedelta(seconds=3600, microseconds=5))
    yield "Python isoformat()", datetime(2024, 2, 5, tzinfo=odd).isoformat(), None, None, None


JAVASCRIPT = """
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n').map(JSON.parse)
for (const [seconds, nanos] of lines) {
  const date = new Date(seconds * 1000 + Math.floor(nanos / 1e6))
  console.log(JSON.stringify(['JavaScript toISOString()', date.toISOString(), seconds, Math.floor(nanos / 1e6) * 1e6, 0]))
}
for (const ms of [-62198755200001, 253402300800000])
  console.log(JSON.stringify(['JavaScript toISOString()', new Date(ms).toISOString(), null, null, null]))
"""

JAVA = """
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.Scanner;

class Iso {
  static void print(String tool, String text, Object seconds, Object nanos, Object offset) {
    System.out.println("[\\"" + tool + "\\",\\"" + text + "\\"," + seconds + "," + nanos + "," + offset + "]");
  }

  public static void main(String[] arguments) {
    Scanner in = new Scanner(System.in);
    while (in.hasNextLong()) {
      long seconds = in.nextLong();
      int nanos = in.nextInt();
      int offset = in.nextInt();
      LocalDateTime local = LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
      OffsetDateTime zoned = local.atOffset(ZoneOffset.ofTotalSeconds(offset));
      print("Java Instant.toString()", local.toInstant(ZoneOffset.UTC).toString(), seconds, nanos, 0);
      // Without seconds if they are 0: no form that is read.
      boolean isShort = local.getSecond() == 0 && nanos == 0;
      Object known = isShort ? null : seconds;
      print("Java OffsetDateTime.toString()", zoned.toString(), known, isShort ? null : nanos, isShort ? null : offset);
      print("Java LocalDateTime.toString()", local.toString(), known, isShort ? null : nanos, null);
      print("Java ISO_OFFSET_DATE_TIME", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(zoned), seconds, nanos, offset);
      ZonedDateTime paris = local.atZone(ZoneId.of("Europe/Paris"));
      print("Java ZonedDateTime.toString()", paris.toString(), null, null, null);
    }
    print("Java Instant.toString()", Instant.ofEpochSecond(253402300800L).toString(), null, null, null);
    print("Java Instant.toString()", Instant.ofEpochSecond(-62198755201L).toString(), null, null, null);
  }
}
"""

GO = """
package main

import (
	"encoding/json"
	"fmt"
	"time"
)

func print(values ...any) {
	line, _ := json.Marshal(values)
	fmt.Println(string(line))
}

func main() {
	var seconds, nanos int64
	var offset int
	for {
		if count, _ := fmt.Scan(&seconds, &nanos, &offset); count < 3 {
			return
		}
		moment := time.Unix(seconds-int64(offset), nanos).In(time.FixedZone("X", offset))
		// These layouts have no seconds of an offset, and leave them out.
		whole := offset / 60 * 60
		shown := seconds
		print("Go RFC3339Nano", moment.Format(time.RFC3339Nano), shown, nanos, whole)
		print("Go RFC3339", moment.Format(time.RFC3339), shown, 0, whole)
		print("Go String()", moment.String(), nil, nil, nil)
	}
}
"""


def run(command, text):
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in result.stdout.splitlines()]


def other_cases():
    numbers = [(seconds_of(local), nanos, offset) for local, nanos, offset in MOMENTS]
    plain = "\n".join(f"{seconds} {nanos} {offset}" for seconds, nanos, offset in numbers)
    # java.time supports offsets of at most 18 hours.
    near = "\n".join(f"{seconds} {nanos} {offset}" for seconds, nanos, offset in numbers if abs(offset) <= 64_800)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "Iso.java").write_text(JAVA)
        (folder / "iso.go").write_text(GO)
        yield from run(["node", "-e", JAVASCRIPT], "\n".join(json.dumps(numbers_of) for numbers_of in numbers))
        yield from run(["java", str(folder / "Iso.java")], near)
        yield from run(["go", "run", str(folder / "iso.go")], plain)


cases, seen = [], set()
for tool, text, seconds, nanos, offset in [*python_cases(), *other_cases()]:
    # More than six digits are finer than a microsecond.
    is_read = seconds is not None and nanos % 1000 == 0
    if (tool, text) not in seen:
        seen.add((tool, text))
        cases.append(
            {
                "tool": tool,
                "text": text,
                "read": {"localSeconds": seconds, "micros": nanos // 1000, "offsetSeconds": offset} if is_read else None,
            }
        )
lines = ",\n".join(json.dumps(case) for case in cases)
OUTPUT.write_text(f"[\n{lines}\n]\n")
