"""verify.html on packs that nobody touched: the words of verify.py, from a ZIP and from a folder."""

from pathlib import Path

import pytest

from tests.reports.packs import Unpacked
from tests.reports.page.reader import Reader, zipped


@pytest.mark.parametrize("name", ["whole", "cut", "restored"])
def test_a_good_pack_is_good(packs: dict[str, Unpacked], reader: Reader, tmp_path: Path, name: str) -> None:
    pack = packs[name]
    said = pack.verdict()
    assert said["ok"], said
    assert reader.verdict(pack.folder) == said
    assert reader.verdict(zipped(pack, tmp_path / "pack.zip")) == said
    assert reader.verdict(zipped(pack, tmp_path / "rooted.zip", root="acme-pack/")) == said


def test_the_zip_that_we_write_is_good(packs: dict[str, Unpacked], reader: Reader) -> None:
    pack = packs["whole"]
    assert reader.verdict(pack.folder.with_suffix(".zip")) == pack.verdict()
