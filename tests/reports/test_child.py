"""The child that lays pages out: shut in, limited, and plain about what went wrong."""

import base64
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from reports.html import assets
from reports.render import CHILD, NotRendered, Renderer
from tests.reports.pdf import press, read

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@dataclass
class Listener:
    """A server on this machine that counts who comes."""

    port: int
    visits: list[str] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listen on a free port, and count connections."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    found = Listener(server.getsockname()[1])
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                connection, address = server.accept()
            except TimeoutError:
                continue
            found.visits.append(str(address))
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield found
    done.set()
    thread.join()
    server.close()


HOSTILE = {
    "img": '<img src="{url}">',
    "srcset": '<picture><source srcset="{url}"><img src="{url}"></picture>',
    "link": '<link rel="stylesheet" href="{url}">',
    "attachment": '<link rel="attachment" href="{url}">',
    "a attachment": '<a rel="attachment" href="{url}">x</a>',
    "import": "<style>@import url({url});</style>",
    "font": "<style>@font-face{{font-family:x;src:url({url})}} p{{font-family:x}}</style><p>x</p>",
    "background": '<p style="background:url({url})">x</p>',
    "list": '<ul style="list-style-image:url({url})"><li>x</li></ul>',
    "content": "<style>p::before{{content:url({url})}}</style><p>x</p>",
    "svg image": '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{url}" width="9"/></svg>',
    "svg use": '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><use href="{url}#a" xlink:href="{url}#a"/></svg>',
    "svg style": "<svg><style>@import url({url});</style><rect width='9' height='9'/></svg>",
    "object": '<object data="{url}" type="image/png">x</object>',
    "embed": '<embed src="{url}" type="image/png">',
    "base": '<base href="{url}"><img src="x.png">',
    "iframe": '<iframe src="{url}"></iframe>',
    "frame document": '<iframe srcdoc="&lt;img src={url}&gt;"></iframe>',
    "refresh": '<meta http-equiv="refresh" content="0;url={url}">',
    "script": '<script src="{url}"></script>',
    "video": '<video src="{url}" poster="{url}"></video>',
    "input": '<input type="image" src="{url}">',
    "cursor": '<p style="cursor:url({url}),auto">x</p>',
    "svg filter": '<svg><filter id="f"><feImage href="{url}"/></filter><rect width="9" filter="url(#f)"/></svg>',
    "svg fill": '<svg><rect width="9" height="9" fill="url({url}#a)"/></svg>',
    "svg link": '<svg><a href="{url}"><text y="9">x</text></a></svg>',
    "profile": "<style>@color-profile device-cmyk{{components:c,m,y,k;src:url({url})}}</style><p>x</p>",
    "page": "<style>@page {{ background: url({url}) }}</style><p>x</p>",
    "border": '<p style="border:9px solid;border-image:url({url}) 9">x</p>',
}


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_nothing_is_fetched_from_the_network(kind: str, listener: Listener) -> None:
    """No input makes a connection; what would need one is refused, and the report fails."""
    html = HOSTILE[kind].format(url=f"http://127.0.0.1:{listener.port}/x.png")
    try:
        press(html)
    except NotRendered as refusal:
        assert "nothing was fetched" in refusal.message  # noqa: PT017
    time.sleep(0.15)
    assert listener.visits == []


@pytest.mark.parametrize("scheme", ["ftp://127.0.0.1:{port}/x", "//127.0.0.1:{port}/x", "HTTP://127.0.0.1:{port}/x"])
def test_no_scheme_is_fetched(scheme: str, listener: Listener) -> None:
    """Whatever an address begins with."""
    for kind in ("img", "link", "attachment", "import"):
        with pytest.raises(NotRendered, match="nothing was fetched"):
            press(HOSTILE[kind].format(url=scheme.format(port=listener.port)))
    assert listener.visits == []


@pytest.mark.parametrize("kind", ["img", "link", "attachment", "import", "font", "background", "svg image", "object"])
def test_no_file_is_read(kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A local file never ends up in the report."""
    secret = tmp_path_factory.mktemp("files") / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">TOPSECRET</text></svg>')
    with pytest.raises(NotRendered, match="nothing was fetched"):
        press(HOSTILE[kind].format(url=f"file://{secret}"))


def test_a_data_svg_cannot_reach_out_either(listener: Listener) -> None:
    """An image within an image is asked for through the same fetcher, whose refusals count."""
    url = f"http://127.0.0.1:{listener.port}/"
    inner = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>'
    data = base64.b64encode(inner.encode()).decode()
    with pytest.raises(NotRendered, match="nothing was fetched"):
        press(f'<img src="data:image/svg+xml;base64,{data}">')
    assert listener.visits == []


def test_small_data_images_are_shown_and_huge_ones_refused() -> None:
    """A logo may come as data; a flood may not."""
    assert press(f'<img src="data:image/png;base64,{PIXEL}">').pages == 1
    with pytest.raises(NotRendered, match="nothing was fetched"):
        press(f'<img src="data:image/png;base64,{PIXEL + "A" * 400_000}">')


def test_named_assets_come_from_memory() -> None:
    """The sheet is served; a name that was not given is refused."""
    assert press('<link rel="stylesheet" href="asset:report.css"><p>x</p>').pages == 1
    with pytest.raises(NotRendered, match="nothing was fetched"):
        press('<link rel="stylesheet" href="asset:other.css">')


def test_it_stops_in_time() -> None:
    """The wall clock is kept, children and all."""
    began = time.monotonic()
    with pytest.raises(NotRendered, match="longer than 2 seconds"):
        press("<p>" + "<b>x " * 2_000_000, seconds=2)
    assert time.monotonic() - began < 8


def test_it_stops_at_its_memory() -> None:
    """More than its share fails plainly, and this process is no larger for it."""
    with pytest.raises(NotRendered, match=r"more memory|could not be laid out"):
        press("<table>" + "<tr><td>word</td></tr>" * 60_000, memory=220 * 1024**2, seconds=240)


def test_progress_is_told_and_can_stop_it() -> None:
    """An exception from the teller ends the child: that is how a person cancels."""
    told: list[tuple[int, str]] = []

    def tell(percent: int, step: str) -> None:
        told.append((percent, step))
        if len(told) > 1:
            raise InterruptedError

    with Renderer(seconds=60) as renderer, pytest.raises(InterruptedError):
        renderer.render("<p>" + "<i>word </i>" * 200_000, assets(), tell)
    assert renderer.child.returncode is not None
    assert told[0][1] == "Lay out the pages"


def test_its_environment_is_bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets of the parent are not handed down."""
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    with Renderer(seconds=20) as renderer:
        environment = (f"/proc/{renderer.child.pid}/environ",)
        if sys.platform.startswith("linux"):
            with open(environment[0], "rb") as file:  # noqa: PTH123
                assert b"do-not-tell" not in file.read()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Landlock and namespaces are Linux's")
@pytest.mark.parametrize(
    "attempt",
    [
        "open('/proc/self/environ').read()",
        "open('/srv/x', 'w')",
        "open('/tmp/x', 'w')",
        "__import__('socket').create_connection(('127.0.0.1', 1), 1)",
        "__import__('subprocess').run(['true'])",
        "__import__('os').system('true')",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1:1/')",
    ],
)
def test_code_in_the_child_finds_every_door_shut(attempt: str) -> None:
    """Even a hole in the layout library would reach nothing."""
    script = (
        f"import runpy; child = runpy.run_path({str(CHILD)!r}); child['prepare'](2 * 1024**3, 20)\n"
        f"try:\n    {attempt}\nexcept PermissionError:\n    print('shut')\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False)
    assert "shut" in ran.stdout, ran.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Landlock is Linux's")
def test_the_kernel_keeps_files_shut_from_native_code_too() -> None:
    """Fonts and code can be opened, nothing else, whatever asks for it (where the kernel has Landlock)."""
    script = (
        f"import runpy, ctypes, os; child = runpy.run_path({str(CHILD)!r}); child['prepare'](2 * 1024**3, 20)\n"
        "libc = ctypes.CDLL(None)\n"
        "print(libc.syscall(444, None, 0, 1), libc.open(b'/proc/self/environ', 0), libc.open(b'/etc/hosts', 0) > 0)\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False)
    version, opened, readable = ran.stdout.split()
    if int(version) < 1:
        pytest.skip("this kernel has no Landlock")
    assert (opened, readable) == ("-1", "True")


def test_a_plain_page_is_read_back() -> None:
    """The shortest way through."""
    assert "Hello there" in read(press("<title>x</title><p>Hello there</p>").pdf).text
