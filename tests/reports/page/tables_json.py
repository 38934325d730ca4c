"""Damages to JSON under a right signature: how it is spelled, and what pack.json says."""

import json

from ledger.canonical import canonical
from tests.reports.page.damages import Damage, about, again, body, data, dropped, set_to, spelled, with_digest, words

GOOD = ("0", "-5", str(2**53 - 1), str(1 - 2**53), "[[],{},[{}],null,true,false]", "[" * 300 + "]" * 300)
BAD = (
    *("1.0", "1e3", "1E+3", "-0", "-0.0", "01", "1.", ".5", "-", "+1", "NaN", "-Infinity", "Infinity", "0x1", "1e"),
    *(
        str(2**53),
        str(-(2**53)),
        "1" * 400,
        "tru",
        "nullnull",
        "",
        "[1,]",
        "[1 2]",
        "[",
        "]",
        "[" * 10**5 + "]" * 10**5,
    ),
    *(" 1", "\n1", "\t1", "1 ", "\u00a01", "\ufeff1"),
)
GOOD_TEXTS = (r'"\n\t\b\f\r\\\""', r'"\u0000\u001f"', '"\x7f\u00e9\u2028\ufeff\U0001f600"', '""')
BAD_TEXTS = (
    *(r'"\/"', r'"\u0041"', r'"\u000A"', r'"\u001F"', r'"\ud83d\ude00"', r'"\ud800"', r'"\udc00\ud800"', '"\x01"'),
    *('"\ud800"', r'"\x41"', r'"\u12"', '"open', "'single'", '"\n"'),
)
GOOD_KEYS = ('{"a":1,"b":2}', '{"\uffff":1,"\U0001f600":2}', '{"":{"__proto__":1,"constructor":2}}', '{"10":1,"9":2}')
BAD_KEYS = (
    *('{"b":1,"a":2}', '{"\U0001f600":1,"\uffff":2}', '{"9":1,"10":2}', '{"a":1,}', "{a:1}", '{"a"}', '{"a":}', "{,}"),
    *('{"a":1,"a":1}', '{"a":1.5,"a"}', '{"a" 1.5}', "{1:1}", '{"a":1 "b":2}'),
)
RECORD = (
    *(("aims", "assay/other", "records"), ("aims", None, "records"), ("aims", [], "records"), ("type", None, "")),
    *(("occurred_at", 5, "records"), ("occurred_at", None, "records"), ("subject", None, "records")),
    *(("type", ["pack.frozen"], ""), ("evidence", 3, "")),
)
ORIGINS, FIRST_AFTER, FIRST_ORIGIN = ("log", "origins"), ("log", "origins", 0, "after"), ("log", "origins", 0, "origin")
ASSESSMENTS, INSTANT, STATEMENT = (("content", name) for name in ("assessments", "instant", "statement"))
PACK: dict[tuple[str | int, ...], dict[str, tuple[object, ...]]] = {
    ("records",): {"records": (1, "12", None, True, [1])},
    ("report",): {"statement": ("statement/statement.json", "none.pdf", ["x"], "MANIFEST.txt", None)},
    ORIGINS: {"tree": ([], None, {}, "", "x", {"after": 1})},
    FIRST_AFTER: {"records": (1, True), "tree": (None, "0", [], 10**9), "": (False, -1)},
    FIRST_ORIGIN: {"tree": ("assay/other", [], None)},
    INSTANT: {"statement": ("2020-01-01T00:00:00.000000Z", ""), "records": (5, None)},
    STATEMENT: {"statement": (None, [], "ab")},
    ASSESSMENTS: {"statement": ([], None, 5, ["ab"], ["abc"], [[None, None]], [["IA", []]], [{"a": 1, "b": 2}])},
    ("content", "evidence"): {"statement": ([],)},
    ("content",): {"manifest": (None,)},
    ("log",): {"manifest": ([],)},
    ("code",): {"": ("PK-999",)},
}
DROPPED = {("records",): "records", ("content",): "manifest", ("content", "instant"): "manifest", ("log",): "manifest"}


def placed(value: str) -> object:
    """Put it in the place of a number at the end of a record."""
    return spelled('"v":1}', f'"v":{value}}}')


JSON = [
    *(Damage(f"{text[:20]} in a record", placed(text), "") for text in (*GOOD, *GOOD_KEYS)),
    *(Damage(f"{ascii(text)[:20]} in a record", placed(text), "records") for text in (*BAD, *BAD_KEYS)),
    *(Damage(f"text {text!a} in a record", placed(text), "") for text in GOOD_TEXTS),
    *(Damage(f"text {text!a} in a record", placed(text), "records") for text in BAD_TEXTS),
    Damage("a key twice in a record", spelled('"v":1}', '"v":1,"v":1}'), "records"),
    Damage("a record that is no text", body(lambda old: old.replace(b'"v":1}', b'"v":"\xff"}')), "records"),
    *(Damage(f"a record of {whole}", body(lambda _, whole=whole: whole), "records") for whole in (b"null", b"[]", b"")),
    *(
        Damage(
            f"a record with {key} {value}",
            body(lambda old, new=value, key=key: canonical(json.loads(old) | {key: new})),
            check,
        )
        for key, value, check in RECORD
    ),
    *(
        Damage(f"pack.json with {path[-1]} {value!r}", about(set_to(*path, value=value)), check)
        for path, checks in PACK.items()
        for check, values in checks.items()
        for value in values
    ),
    *(Damage(f"pack.json without {path[-1]}", about(dropped(*path)), check) for path, check in DROPPED.items()),
    Damage("pack.json as a list", about(lambda value: [value]), "manifest"),
    Damage("pack.json with a key twice", again(words("pack.json", '"v":1}', '"v":1,"v":1}')), "manifest"),
    Damage("pack.json with a space", again(words("pack.json", '"v":1', '"v": 1')), "manifest"),
    Damage("pack.json with a line end", again(data("pack.json", lambda whole: whole + b"\n")), "manifest"),
    Damage(
        "pack.json with a byte order mark", again(data("pack.json", lambda whole: b"\xef\xbb\xbf" + whole)), "manifest"
    ),
    Damage("another content under its digest", with_digest(set_to("selection", "preset", value="stage1")), "statement"),
    Damage("an earlier instant under its digest", with_digest(set_to("instant", value="2026-02-01")), "statement"),
]
