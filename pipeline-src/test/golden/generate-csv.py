"""Writes csv.json next to this file: CSV from Python's csv module and PostgreSQL's COPY, with its rows.

    python3 pipeline-src/test/golden/generate-csv.py

Needs PostgreSQL's server programs (initdb, pg_ctl, psql), and root, which switches to the user postgres for them. The
table is committed: the tests need neither.
"""

import csv
import io
import json
import platform
import subprocess
import tempfile
from pathlib import Path

OUTPUT = Path(__file__).parent / "csv.json"

# name, age, score, ok: text that may be null, an integer, a number and a boolean that may be missing.
ROWS = [
    ("Müller", 42, 1.5, True),
    ('He said "no", twice', 0, -0.25, False),
    ("two\nlines", -1, 1e-07, None),
    ("two\r\nlines", 7, 1e21, True),
    ("one\rline", 7, None, None),
    ("", 1, 0.1, False),
    (None, 9007199254740991, -9007199254740991.0, None),
    (" spaces ", -9007199254740991, 123456.789, True),
    ("a;b\tc|d", 3, None, False),
    ("\\.", 3, None, False),
    ("\\N", 3, None, False),
    ("NULL", 3, None, False),
    ("=1+1", 3, None, False),
    ("'quoted'", 3, None, False),
    ('"', 3, None, False),
    ('""', 3, None, False),
    ("true", 3, None, True),
    ("\ufeffmark", 3, None, True),
    ("😀 \u2028 \u0000", 3, None, True),
]
COLUMNS = ["name", "age", "score", "ok"]


def write_line(row, style):
    """None if this style cannot write it."""
    text = io.StringIO(newline="")
    try:
        csv.writer(text, **style).writerow(row)
    except csv.Error:
        return None
    return text.getvalue()


def read_line(line, delimiter):
    return list(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter))


def python_cases():
    """Adds `reader`: what Python's own reader reads from it, as text."""
    quotings = {
        "QUOTE_MINIMAL": csv.QUOTE_MINIMAL,
        "QUOTE_ALL": csv.QUOTE_ALL,
        "QUOTE_NONNUMERIC": csv.QUOTE_NONNUMERIC,
        "QUOTE_NONE": csv.QUOTE_NONE,
    }
    for dialect in ["excel", "excel-tab", "unix"]:
        for name, quoting in quotings.items():
            for delimiter in [csv.get_dialect(dialect).delimiter, ";"]:
                style = {"dialect": dialect, "quoting": quoting, "delimiter": delimiter}
                lines = [write_line(COLUMNS, style)]
                reader = []
                for row in ROWS:
                    line = write_line(row, style)
                    # If Python itself cannot read it back (a bare CR of the unix dialect), nobody can.
                    found = read_line(line, delimiter) if line else []
                    if len(found) == 1 and found[0][0] == (row[0] or ""):
                        lines.append(line)
                        reader.append(found[0])
                yield {
                    "tool": f"Python {platform.python_version()}, {dialect}, {name}, {delimiter!r}",
                    "delimiter": delimiter,
                    "text": "".join(lines),
                    "reader": reader,
                }


def postgres_cases(folder):
    """Adds `rows`: the same rows as PostgreSQL's JSON."""

    def run(*command, text=None):
        line = ["runuser", "-u", "postgres", "--", *command]
        return subprocess.run(line, input=text, capture_output=True, text=True, check=True).stdout

    data = folder / "data"
    run("initdb", "-D", str(data), "-E", "UTF8", "--locale=C", "-A", "trust")
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", f"-c listen_addresses= -k {folder}", "start")
    try:

        def ask(sql):
            return run("psql", "-X", "-q", "-A", "-t", "-h", str(folder), "-d", "postgres", "-f", "-", text=sql)

        version = ask("show server_version").split()[0]

        def literal(value):
            if value is None:
                return "NULL"
            if isinstance(value, str):
                return "'" + value.replace("'", "''") + "'"
            return str(value)

        # PostgreSQL cannot store NUL in text.
        rows = [row for row in ROWS if row[0] is None or "\0" not in row[0]]
        values = ",".join("(" + ",".join(map(literal, row)) + ")" for row in rows)
        ask(
            "create table people (id serial, name text, age bigint, score double precision, ok boolean);"
            f"insert into people (name, age, score, ok) values {values};"
        )
        columns = ", ".join(COLUMNS)
        query = f"select {columns} from people order by id"
        found = json.loads(ask(f"select json_agg(t) from ({query}) t"))
        for options in [
            "format csv, header",
            "format csv, header, force_quote *",
            "format csv, header, delimiter ';'",
            "format csv, header, delimiter E'\\t'",
            "format csv, header, force_quote (name, ok), delimiter '|'",
        ]:
            target = folder / "copy.csv"
            ask(f"copy ({query}) to '{target}' with ({options})")
            delimiter = {"';'": ";", "E'\\t'": "\t", "'|'": "|"}.get(options.split("delimiter ")[-1], ",")
            yield {
                "tool": f"PostgreSQL {version}, COPY … WITH ({options})",
                "delimiter": delimiter,
                "text": target.read_bytes().decode("utf-8"),
                "rows": found,
            }
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    folder.chmod(0o777)
    cases = [*python_cases(), *postgres_cases(folder)]
OUTPUT.write_text(json.dumps(cases, ensure_ascii=True, indent=1) + "\n")
