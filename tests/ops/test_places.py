"""What the environment asks of a run."""

from pathlib import Path

import pytest

from ops.places import ROOT, Order
from ops.say import Problem
from ops.services import preparations, web


def test_nothing_set_means_the_defaults() -> None:
    order = Order.read({"PORT": "", "ASSAY_DATA": "", "REDIS_URL": ""})
    assert (order.port, order.data, order.web_workers, order.redis_url) == (8000, ROOT / ".data", 2, "")
    assert order.address == "http://127.0.0.1:8000"


def test_a_relative_data_folder_becomes_absolute() -> None:
    assert Order.read({"ASSAY_DATA": "here"}).data == Path.cwd() / "here"


@pytest.mark.parametrize("workers", ["0", "65", "two"])
def test_the_number_of_web_workers_is_checked(workers: str) -> None:
    with pytest.raises(Problem, match="ASSAY_WEB_WORKERS must be a whole number from 1 to 64"):
        Order.read({"ASSAY_WEB_WORKERS": workers})


def test_children_get_what_was_settled_and_nothing_of_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKEFLAGS", "-j")
    monkeypatch.setenv("DEMO", "0")
    env = Order.read({"PORT": "9000", "ASSAY_DATA": "/srv/assay"}).environment("redis://r")
    assert (env["PORT"], env["ASSAY_DATA"], env["REDIS_URL"], env["DEMO"]) == ("9000", "/srv/assay", "redis://r", "0")
    assert "MAKEFLAGS" not in env


def test_the_web_server_is_bound_to_this_machine_only() -> None:
    argv = web(Order.read({"PORT": "9000", "ASSAY_WEB_WORKERS": "3"})).argv
    assert argv[argv.index("--bind") + 1] == "127.0.0.1:9000"
    assert argv[argv.index("--workers") + 1] == "3"


def test_only_the_owner_migrates_where_there_is_one() -> None:
    database, *others = preparations({"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner"})
    assert database.extra == {"DATABASE_URL": "owner"}
    assert [one.extra for one in others] == [{}, {}]
    assert preparations({"DATABASE_URL": "app"})[0].extra == {}
