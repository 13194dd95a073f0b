"""What a patched copy of the tree makes of small files and of a command: run in a process of its own, which prints it.

Here: what is tried. Not here: the patches, and what should come of them (`tests.house.test_declared`).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from typer.testing import CliRunner

from pipelines.adapters.encodings.detection import detect
from pipelines.cli.main import app
from pipelines.config.sources import Source
from tests.support.arrived import judged, source

TICKETS = "Ticket,Asked of,Rating,Said\nt1,2024-05-01,9,good\nt2,2024-05-02,9,PING\nt3,2025-06-01,9,ping\n"


def tried(scratch: Path, text: bytes, home: str) -> dict[str, object]:
    """The encoding of a text, the verdicts on the rows of a file of the kind `tickets`, and what `nps sources` prints."""
    file = scratch / "tickets.csv"
    file.write_text(TICKETS, "utf-8")
    tickets = Source(kind="tickets", files="x", metric="nps", delivery="snapshot")
    same = source({"score": "Rating", "responded_at": "Asked of", "comment": "Said"})
    rows, plain = judged(file, tickets, scratch), judged(file, same, scratch)
    encoding = detect(text)
    return {
        "encoding": encoding and encoding.encoding,
        "refusals": rows["refusal"].to_list(),
        "outcomes": rows["outcome"].to_list(),
        "ids": rows["response_id"].to_list(),
        "same": plain["refusal"].to_list(),
        "printed": CliRunner().invoke(app, ["sources", "--home", home]).output,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tried(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3])))
