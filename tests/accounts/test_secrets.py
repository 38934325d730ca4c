"""Where secrets come from: the environment, a file it names, or made once."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secrets import secret


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_SECRET", raising=False)
    first = secret("A_SECRET", tmp_path / "secrets")
    assert len(first) >= 43
    assert secret("A_SECRET", tmp_path / "secrets") == first
    assert (tmp_path / "secrets" / "a_secret").stat().st_mode & 0o777 == 0o600


def test_the_environment_wins_over_the_file_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mounted").write_text("from the file\n")
    monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "mounted"))
    assert secret("A_SECRET", tmp_path / "secrets") == "from the file"
    monkeypatch.setenv("A_SECRET", "from the environment")
    assert secret("A_SECRET", tmp_path / "secrets") == "from the environment"
    assert not (tmp_path / "secrets").exists()


def test_an_empty_secret_stops_the_start_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mounted").write_text("\n")
    monkeypatch.setenv("A_SECRET_FILE", str(tmp_path / "mounted"))
    with pytest.raises(ImproperlyConfigured, match="A_SECRET"):
        secret("A_SECRET", tmp_path / "secrets")
