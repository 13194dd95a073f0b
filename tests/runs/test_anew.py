"""What Dagster has read once, read anew when it has changed."""

from __future__ import annotations

from pathlib import Path

from pipelines.config.create import create_workspace
from pipelines.runs.anew import ReadAnew, reloaded


def test_settings_that_change_while_the_ui_is_open_are_read_anew(tmp_path: Path) -> None:
    home, said, done = tmp_path / "home", list[str](), list[str]()
    create_workspace(home)
    answers = [False, True, True]

    def reload() -> bool:
        done.append("asked")
        return answers.pop(0)

    anew = ReadAnew(home, reload)

    def look(times: int = 2) -> tuple[int, list[str]]:
        for _ in range(times):
            anew.look(said.append)
        found = len(done), [*said]
        done.clear()
        said.clear()
        return found

    assert look(3) == (0, [])
    config = home / "nps.yaml"
    config.write_text(f"{config.read_text('utf-8')}\nlow_sample: 77\n", "utf-8")
    assert look(1) == (0, [])  # an editor may be writing still
    assert look(1) == (1, [])  # the code server was dead
    assert look(3) == (1, ["nps.yaml has changed, or the first file is published: Dagster has read it."])
    config.write_text("sources: [\n", "utf-8")
    asked, [mistake] = look(4)
    assert asked == 0
    assert mistake.endswith("Until that is mended nothing is taken in, built or published by itself.")
    config.write_text("timezone: Europe/Zagreb\n", "utf-8")
    asked, [_, mended] = look()
    assert asked == 1
    assert "takes them in now" in mended
    answers.append(True)
    config.write_text("timezone: Europe/Vienna\n", "utf-8")
    assert look() == (1, ["nps.yaml has changed, or the first file is published: Dagster has read it."])


def test_a_code_server_that_is_dead_reads_nothing_anew(tmp_path: Path) -> None:
    assert not reloaded(tmp_path / "none")
