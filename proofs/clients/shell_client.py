"""DuckDB's own command line as a client: shell_client.py PROGRAM DATABASE QUESTION.

It obeys lines of standard input (read, reopen, write, quit), and says a line of JSON for each. It imports nothing of the
house.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class Shell:
    """The program, kept open."""

    def __init__(self, program: str, database: str) -> None:
        command = [program, "-readonly", "-json", database]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Give the rows; raises what the shell says instead."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{sql};\nselect 'end' as said;\n")
        self.process.stdin.flush()
        lines: list[str] = []
        while (line := self.process.stdout.readline()) and '"said":"end"' not in line:
            lines.append(line)
        text = "".join(lines)
        if not text.lstrip().startswith("["):
            raise RuntimeError(" ".join(text.split()) or "nothing was said")
        return list(json.loads(text))

    def close(self) -> None:
        self.process.communicate(".quit\n")


def main() -> None:
    program, database, question = sys.argv[1:]
    asked = Path(question).read_text("utf-8").strip()
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    say({"versions": {"duckdb": said.stdout.split()[0]}})
    shell = Shell(program, database)
    for line in sys.stdin:
        try:
            match line.strip():
                case "read":
                    say(shell.ask(asked)[0])
                case "reopen":
                    shell.close()
                    shell = Shell(program, database)
                    say({"reopened": True})
                case "write":
                    shell.ask("create table marts.written (a integer)")
                    say({"written": True})
                case _:
                    break
        except RuntimeError as error:
            say({"error": str(error)})
    shell.close()


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


main()
