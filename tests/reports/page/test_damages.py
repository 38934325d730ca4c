"""verify.html and verify.py on the same damaged packs: the same verdict, in the same words."""

from pathlib import Path

import pytest

from tests.reports.packs import Unpacked
from tests.reports.page.damages import Damage
from tests.reports.page.reader import Reader, python_says, zipped
from tests.reports.page.tables import SIGNED, UNSIGNED
from tests.reports.page.tables_content import CONTENT
from tests.reports.page.tables_json import JSON


def found(said: dict[str, object], damage: Damage) -> bool:
    """Whether the check that has to find the damage found it, or none where nothing is wrong."""
    checks = said["checks"]
    assert isinstance(checks, list)
    return said["ok"] is (damage.check == "") and damage.check in ("", checks[-1]["check"])


@pytest.mark.parametrize("damage", UNSIGNED, ids=str)
def test_anybody_s_damage(pack: Unpacked, reader: Reader, tmp_path: Path, damage: Damage) -> None:
    """From the command line and, in the page, from the folder and from a ZIP of it."""
    damage.act(pack)
    said = pack.verdict()
    assert found(said, damage)
    assert reader.verdict(pack.folder) == said
    assert reader.verdict(zipped(pack, tmp_path / "pack.zip")) == said


@pytest.mark.parametrize("damage", [*SIGNED, *JSON, *CONTENT], ids=str)
def test_damage_under_a_right_signature(pack: Unpacked, reader: Reader, tmp_path: Path, damage: Damage) -> None:
    """Which gets past the manifest."""
    damage.act(pack)
    said = python_says(pack)
    assert found(said, damage)
    assert reader.verdict(zipped(pack, tmp_path / "pack.zip")) == said
