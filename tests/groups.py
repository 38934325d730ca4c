"""Which tests go to one process, one after the other: those of a file, and of what is dear to start."""

from zlib import crc32

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/reports/page/", "tests/backup/")  # one server, one browser, one installation
HALVED = "tests/matrix/"  # its world takes less time to build twice than one process takes for all of its tests


def group_of(nodeid: str) -> str:
    """The group of a test; its marks are not known where groups are given out."""
    if nodeid.startswith(HALVED):
        return f"{HALVED}{crc32(nodeid.encode()) % 2}"
    return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


class ByGroup(LoadScopeScheduling):
    """Gives out whole groups, those of most tests first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
