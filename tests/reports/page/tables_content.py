"""Damages to statement, evidence, texts and manifest lines under a right signature."""

from hashlib import sha256

from tests.reports.page.damages import (
    KEYS,
    LEAVES,
    RECORDS,
    TEXTS,
    Damage,
    again,
    bit,
    dropped,
    first,
    lines,
    listed,
    set_to,
    taken_away,
    text_line,
    told,
    words,
    written,
)

INDEX, EVIDENCE = "evidence/index.json", "evidence/EV-*/*/*"
NUMBER, CODE, SAID, FILES = (0, "said", "number"), (0, "code"), (0, "said"), (0, "files")
PATH, SUM = (0, "files", 0, "path"), (0, "files", 0, "sha256")
BAD_ITEMS = {
    NUMBER: (7, None, [1], {}, True, "2"),
    (0, "said", "note"): ("never said",),
    SAID: ([], None),
    CODE: ("EV-999", None, [], 5),
    FILES: ([], None, "ab", {"a": 1}),
    SUM: ("0" * 64, None, [], 5),
    PATH: (True, "no/such.pdf", "pack.json", ["x"], 5),
}
GOOD_ITEMS = {PATH: (None, "", [], {}, 0, False), (0, "title"): ("another title",), (0, "kind"): (None,)}
BAD_TEXTS = {
    "text": ("put into a mouth", None, 5, []),
    "salt": ("zz", "abc", "", None, "\u00e9", "\u00a000", 5),
    "field": ("none", None, 5, True, [], {}),
    "number": (0, None, "1", [], -1, 10**6),
}
TEXT_LINES = {
    "out of order": lambda rows: [*rows[1:], rows[0]],
    "of no record": lambda rows: [*rows, b'{"field":"after","number":99999,"salt":"","text":""}\n'],
    "of null": lambda rows: [b"null\n", *rows],
    "of nothing": lambda rows: [b"\n", *rows],
    "without a line end": lambda rows: [*rows[:-1], rows[-1][:-1]],
    "with a space": lambda rows: [rows[0].replace(b":", b": "), *rows[1:]],
}
PATHS = (
    "../pack.json",
    "/etc/hostname",
    "evidence/../pack.json",
    "evidence//x",
    "./x",
    "x/",
    "",
    "a\\b",
    "C:x",
    "x" * 300,
)
SIZES = ("5", "+5", "-5", "--5", "05", "1_0", "five", "", "\u0665", "1e3", "9" * 20)
EMPTY = sha256(b"").hexdigest()
TAKEN = {KEYS: "manifest", LEAVES: "tree", RECORDS: "records", TEXTS: "records", "pack.json": "manifest"} | {
    "README.html": "", "statement/statement.json": "statement", "statement/SoA.pdf": "statement", INDEX: "evidence",
}  # fmt: skip
CONTENT = [
    *(Damage(f"{name} taken away and signed", again(taken_away(name)), check) for name, check in TAKEN.items()),
    Damage("a word of the statement", again(words("statement/statement.json", "second", "third")), "statement"),
    Damage("another report", again(written("statement/SoA.pdf", b"%PDF-1.7 of somebody else")), "statement"),
    Damage("a bit of an assessment", again(first("assessments/*", bit)), "statement"),
    Damage("an assessment taken away", again(first("assessments/*", taken_away)), "statement"),
    Damage("another file of evidence", again(first(EVIDENCE, bit)), "evidence"),
    Damage("a file of evidence taken away", again(first(EVIDENCE, taken_away)), "evidence"),
    Damage("a file added and signed", again(written("evidence/EV-001/more.pdf", b"%PDF")), ""),
    *(
        Damage(f"the index with {path[-1]} {value!r}"[:60], told(INDEX, set_to(*path, value=value)), check)
        for items, check in ((BAD_ITEMS, "evidence"), (GOOD_ITEMS, ""))
        for path, values in items.items()
        for value in values
    ),
    Damage("the index without an item", told(INDEX, lambda items: items[1:]), "evidence"),
    Damage("the index with an item twice", told(INDEX, lambda items: [items[0], *items]), "evidence"),
    *(
        Damage(f"the index of {whole!r}", told(INDEX, lambda _, new=whole: new), "evidence")
        for whole in ({}, "index", 5)
    ),
    *(
        Damage(f"an item without {path[-1]}", told(INDEX, dropped(*path)), "evidence")
        for path in (SAID, PATH, SUM, CODE)
    ),
    *(Damage(f"a text {name}", again(lines(TEXTS, change)), "records") for name, change in TEXT_LINES.items()),
    Damage("texts that were taken out", again(lines(TEXTS, lambda rows: rows[3:])), ""),
    Damage("no texts", again(written(TEXTS, b"")), ""),
    Damage("a text twice", again(lines(TEXTS, lambda rows: [rows[0], *rows])), ""),
    *(
        Damage(f"a text with {key} {value!r}", text_line(set_to(key, value=value)), "records")
        for key, values in BAD_TEXTS.items()
        for value in values
    ),
    Damage("a text of number true", text_line(set_to("number", value=True)), ""),
    Damage("a salt in capitals", text_line(lambda row: row.update(salt=row["salt"].upper())), ""),
    Damage("a salt with white space", text_line(lambda row: row.update(salt=f" {row['salt']}\t")), ""),
    Damage("a path listed twice", listed(lambda rows: [*rows, rows[-1]]), ""),
    Damage("the manifest listed", listed(lambda rows: [*rows, f"{EMPTY} 0 MANIFEST.txt"]), "manifest"),
    Damage("a folder listed", listed(lambda rows: [*rows, f"{EMPTY} 0 evidence"]), "manifest"),
    Damage("a file of spaces", again(written("evidence/Ü b c.txt", b"x")), ""),
    *(
        Damage(f"{path[:20]!r} listed", listed(lambda rows, path=path: [*rows, f"{EMPTY} 0 {path}"]), "manifest")
        for path in PATHS
    ),
    *(
        Damage(f"a size of {size!r}", listed(lambda rows, size=size: [*rows, f"{EMPTY} {size} x"]), "manifest")
        for size in SIZES
    ),
    Damage("a line of two words listed", listed(lambda rows: [*rows, "two words"]), "manifest"),
    Damage("an empty line listed", listed(lambda rows: [*rows, ""]), "manifest"),
    Damage("a manifest of its head alone", listed(lambda rows: rows[:5]), "manifest"),
    Damage("a manifest of an empty line", listed(lambda _: [""]), "manifest"),
    Damage("a head without a content", listed(lambda rows: [*rows[:3], "contents x", *rows[4:]]), "statement"),
    Damage("a head of one word", listed(lambda rows: [*rows[:3], "content", *rows[4:]]), "manifest"),
    Damage("another content digest", listed(lambda rows: [*rows[:3], f"content {EMPTY}", *rows[4:]]), "statement"),
]
