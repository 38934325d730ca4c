#!/usr/bin/env python3
"""Check an Assay certification pack: run `python3 verify.py` in the unpacked folder. Python 3.8 or newer, no network.

It finds every file, record and signature that was changed, added or taken away since the pack was made, and compares
the pack with a checkpoint you received earlier (`--pin FILE`). Nothing here can prove that what was recorded was true.
Formats: RFC 9162 (tree), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), C2SP signed-note and tlog-checkpoint.
"""

import argparse, base64, hashlib, hmac, json, os, re, sys

IGNORED = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what computers leave behind in folders that people open
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_ONE = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


class Fault(Exception):
    """Something in the pack is not as it was recorded; the message says what."""


def add(a, b):
    w, x = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    y, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = x - w, z - y, z + y, x + w
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total


def point(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT_OF_MINUS_ONE % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        raise Fault("a key in chain/keys.txt is no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def is_signed(public, text, signature):
    key, r, s = (int.from_bytes(part, "little") for part in (public[:32], signature[:32], signature[32:64]))
    x, y, _, xy = point(key % 2**255, key >> 255)
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    x, y, z, _ = add(times(s, point(4 * pow(5, P - 2, P) % P, 0)), times(k, (P - x, y, 1, P - xy)))
    x, y = (part * pow(z, P - 2, P) % P for part in (x, y))
    return r == (x & 1) << 255 | y and s < L and 2 * len(public) == len(signature) == 64


def unb64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 is not spelled as it was written")
    return data


def whole(text):
    if not text[text[:1] == "-" :].isdecimal() or len(text) > 17 or str(int(text)) != text or abs(int(text)) >= 2**53:
        raise Fault(f"{text} is a number that no record can hold")
    return int(text)


ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
DECODE = json.JSONDecoder(parse_float=whole, parse_int=whole, parse_constant=whole).decode


def canonical(data, name):
    """Read JSON that has one spelling only: a duplicate key, a float or one space more is a fault."""
    value = DECODE(data.decode("utf-8"))
    if ENCODE(value).encode("utf-8") != data:
        raise Fault(f"{name} is not in its canonical form")
    return value


def signed_text(note, keys, name):
    """Return the text of a note that one of the keys signed; signatures of unknown keys (witnesses) are passed over."""
    if any(letter < " " and letter != "\n" for letter in note):
        raise Fault(f"{name}: its line ends were changed; save it exactly as it was sent")
    text, blank, block = note.rpartition("\n\n")
    found = False
    for line in block.split("\n")[:-1]:
        dash, signer, encoded = ([*line.split(" ", 2), "", ""])[:3]
        raw = unb64(encoded)
        public = keys.get((signer, raw[:4].hex()))
        if dash != "\u2014" or len(raw) < 5 or (public and not is_signed(public, f"{text}\n".encode(), raw[4:])):
            raise Fault(f"{name}: the signature of {signer} does not fit the text")
        found = found or bool(public)
    if not (blank and block.endswith("\n") and found):
        raise Fault(f"{name} is signed by no key of this log")
    return text + "\n"


class Pack:
    def __init__(self, folder, pin):
        self.folder, self.pin, self.at = os.path.realpath(folder), pin and os.path.realpath(pin), ""
        self.keys, self.sums, self.roots, self.given, self.named, self.approved = {}, {}, {}, {}, set(), ("", "", 0)

    def lines(self, name):
        self.at = "your checkpoint" if name == self.pin else name
        with open(os.path.join(self.folder, name), "rb") as file:
            yield from file

    def read(self, name):
        return b"".join(self.lines(name))

    def manifest(self):
        """Every file is there and unchanged, none was added, and the log's key signed the list."""
        for name, key_id, key in (line.decode()[:-1].split("+", 2) for line in self.lines("chain/keys.txt")):
            self.keys[name, key_id] = unb64(key)[1:]
        text = signed_text(self.read("MANIFEST.txt").decode("utf-8"), self.keys, "MANIFEST.txt").split("\n")
        self.head = dict(line.split(" ", 1) for line in text[1:5])
        self.sums = {path: (sha, whole(size)) for sha, size, path in (line.split(" ", 2) for line in text[5:-1])}
        faults = [fault for fault in map(self.file_fault, sorted(self.sums)) if fault]
        found = {os.path.join(place, name) for place, _, names in os.walk(self.folder) for name in {*names} - IGNORED}
        names = {os.path.relpath(path, self.folder).replace(os.sep, "/") for path in found - {self.pin}}
        added = sorted(names - {*self.sums, "MANIFEST.txt"})
        faults += [f"{name} was added: the manifest does not list it" for name in added]
        if faults:
            raise Fault("; ".join(faults[:20]))
        self.about = canonical(self.read("pack.json"), "pack.json")
        self.lives, self.instant = self.about["log"]["origins"], self.about["content"]["instant"]
        return f"{len(self.sums)} files, none changed, missing or added"

    def file_fault(self, path):
        if {"", ".", ".."} & set(path.split("/")) or "\\" in path or ":" in path:
            return f"{path} is no path inside a pack"
        digest, size = hashlib.sha256(), 0
        try:
            with open(os.path.join(self.folder, path), "rb") as file:
                for block in iter(lambda: file.read(1 << 20), b""):
                    digest.update(block)
                    size += len(block)
        except OSError:
            return f"{path} is missing"
        return "" if (digest.hexdigest(), size) == self.sums[path] else f"{path} was changed"

    def tree(self):
        """The leaves lead to the root of every checkpoint in the pack, and of yours."""
        names = sorted(path for path in self.sums if path.startswith("chain/checkpoints/"))
        heads = [self.checkpoint(name) for name in [*names, *filter(None, [self.pin])]]
        self.grow({head[2] for head in heads} | {life["after"] for life in self.lives})
        for name, origin, size, root in heads:
            if size > self.size:
                raise Fault(f"{name} covers {size} records, this log has {self.size}: it was cut, or is older")
            if self.roots.get(size) != root:
                raise Fault(f"{name} covers {size} records with another root: the log was rewritten")
            if origin != [life["origin"] for life in self.lives if size > life["after"] or not life["after"]][-1]:
                raise Fault(f"{name} was signed for {origin}: another log, or one that was restored since")
        if self.size not in [head[2] for head in heads[: len(names)]]:
            raise Fault(f"no checkpoint in the pack covers all its {self.size} leaves")
        return f"{self.size} leaves lead to the roots of {len(heads)} signed checkpoints"

    def checkpoint(self, name):
        origin, size, root = signed_text(self.read(name).decode("utf-8"), self.keys, self.at).split("\n")[:3]
        return self.at, origin, whole(size), unb64(root)

    def grow(self, wanted):
        """Note the roots over the first leaves at each of the wanted sizes (RFC 9162, section 2.1)."""
        self.leaves = bytearray()
        for line in self.lines("chain/leaves.txt"):
            self.leaves += bytes.fromhex(re.fullmatch("([0-9a-f]{64})\n", line.decode())[1])
        sha256, stack, self.size = hashlib.sha256, [], len(self.leaves) // 32
        for number in range(1, self.size + 1):
            node, rest = bytes(self.leaves[number * 32 - 32 : number * 32]), number
            while not rest & 1:
                node, rest = sha256(b"\x01" + stack.pop() + node).digest(), rest >> 1
            stack.append(node)
            if number in wanted:
                self.roots[number] = node
                for left in stack[-2::-1]:
                    self.roots[number] = sha256(b"\x01" + left + self.roots[number]).digest()

    def records(self):
        """Every record in the pack is the leaf of its number, and every text is the one it commits to."""
        texts = (canonical(line[:-1], "chain/texts.jsonl") for line in self.lines("chain/texts.jsonl"))
        last, count, shown, end = 0, 0, 0, {"number": 0}
        text = next(texts, end)
        for line in self.lines("chain/records.jsonl"):
            start, _comma, body = line[:-2].partition(b',"record":')
            number = whole(start[10:].decode())
            if number <= last or line != b'{"number":%d,"record":%s}\n' % (number, body):
                raise Fault(f"chain/records.jsonl is out of order after record #{last}")
            if hashlib.sha256(b"\x00" + body).digest() != self.leaves[number * 32 - 32 : number * 32]:
                raise Fault(f"record #{number} is not the leaf of its number")
            record = canonical(body, f"record #{number}")
            if record["aims"] not in [life["origin"] for life in self.lives if number > life["after"]]:
                raise Fault(f"record #{number} belongs to another log")
            while text["number"] == number:
                self.hold(record, text)
                text, shown = next(texts, end), shown + 1
            self.notice(number, record)
            last, count = number, count + 1
        if text is not end or count != self.about["records"]:
            raise Fault(f"records or texts are missing or out of order: {count} of {ENCODE(self.about['records'])}")
        return f"{count} of {self.size} records match their leaves, and {shown} texts their records"

    def hold(self, record, text):
        """A text stands for HMAC-SHA-256(salt, text) in its record; an erased one is not in the pack."""
        subject, made = record["subject"], hmac.new(bytes.fromhex(text["salt"]), text["text"].encode(), "sha256")
        promised = {"rationale": record["decision"]["rationale_commitment"], "before": subject["before_hash"]}
        promised["after"] = subject.get("after_commitment", subject["after_hash"])
        if made.hexdigest() != promised.get(text["field"]):
            raise Fault(f"the {text['field']} beside record #{text['number']} is not the text it commits to")

    def notice(self, number, record):
        """Remember what the later checks ask the chain about."""
        kind, subject, is_before = record["type"], record["subject"], record["occurred_at"] <= self.instant
        if kind == "version.approved" and is_before:
            self.approved = (subject["id"], subject["after_hash"], number)
        elif kind in ("evidence.given", "evidence.renewed") and is_before:
            self.given.setdefault(subject["id"], {})[record["evidence"][0]["version"]] = subject["after_hash"]
        elif kind in ("assessment.decided", "log.key_added"):
            self.named.add((subject["id"], subject["after_hash"]))
        elif kind == "log.resumed":
            self.named.add((record["aims"], record["decision"]["outcome"]))
        elif kind == "pack.frozen":
            self.named.update((item["sha256"], subject["after_hash"]) for item in record["evidence"])

    def history(self):
        """A record names every key, and every restored log says what it was restored to."""
        for number, line in enumerate(self.lines("chain/keys.txt"), 1):
            if (str(number), hashlib.sha256(line[:-1]).hexdigest()) not in self.named:
                raise Fault(f"no record names the key {line.decode()[:-1]}")
        for life in self.lives[1:]:
            said = f"restored to {life['after']} {self.roots[life['after']].hex()}"
            if (life["origin"], said) not in self.named:
                raise Fault(f"no record says that {life['origin']} went on after record #{life['after']}")
        return f"{len(self.keys)} keys and {len(self.lives) - 1} restores, each named by a record"

    def statement(self):
        """The statement is the one approved last by the pack's instant; report and assessments are those named."""
        content, (ref, approved, number), self.at = self.about["content"], self.approved, "pack.json"
        shown = ENCODE([content["statement"], self.sums["statement/statement.json"][0]])
        if shown != ENCODE([[ref, approved], approved]):
            raise Fault(f"the statement is not the one that record #{number} approved")
        if (self.sums[self.about["report"]][0], self.head["content"]) not in self.named:
            raise Fault("{} is not the report that the chain names".format(self.about["report"]))
        for name, digest in content["assessments"]:
            if (name, digest) not in self.named or self.sums[f"assessments/{name}.json"][0] != digest:
                raise Fault(f"{name} is not the assessment that was decided")
        if hashlib.sha256(ENCODE(content).encode("utf-8")).hexdigest() != self.head["content"]:
            raise Fault("the content digest is not that of the content")
        return f"{ref} was approved in record #{number}; {len(content['assessments'])} assessments as decided"

    def evidence(self):
        """Each item is the newest version the chain names, and each file is the one that was given."""
        items, listed = canonical(self.read("evidence/index.json"), "evidence/index.json"), []
        for item in items:
            code, number, sums = item["code"], item["said"]["number"], sorted(file["sha256"] for file in item["files"])
            given, made = self.given.get(code, {}), dict(item["said"], evidence=code, files=sums)
            if given.get(number) != hashlib.sha256(ENCODE(made).encode()).hexdigest() or max(given) != number:
                raise Fault(f"{code}@{number} is not the newest version that was given")
            for file in item["files"]:
                if file["path"] and self.sums[file["path"]][0] != file["sha256"]:
                    raise Fault(f"{file['path']} is not the file of {code}@{number}")
            listed.append([code, number, sums])
        if ENCODE(listed) != ENCODE(self.about["content"]["evidence"]):
            raise Fault("evidence/index.json is not the list that the pack names")
        return f"{len(items)} items, each in the newest version that the chain names"


def check(pack):
    """Run the checks in order; a fault ends them, because later ones rest on earlier ones."""
    for step in (pack.manifest, pack.tree, pack.records, pack.history, pack.statement, pack.evidence):
        try:
            yield {"check": step.__name__, "ok": True, "found": step()}
        except (Fault, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, RecursionError) as error:
            found = str(error) if isinstance(error, Fault) else f"{pack.at} is missing or cannot be read"
            return (yield {"check": step.__name__, "ok": False, "found": "".join(filter(str.isprintable, found))})


def main():
    parser = argparse.ArgumentParser(description="Check the certification pack in this folder.")
    parser.add_argument("--pin", metavar="FILE", help="a checkpoint you received earlier")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    asked = parser.parse_args()
    pack = Pack(os.path.dirname(os.path.abspath(__file__)), asked.pin)
    done = list(check(pack))
    keys = ["".join(filter(str.isprintable, f"{name}+{key_id}")) for name, key_id in pack.keys]
    is_good, signed = (True, "Signed by") if all(step["ok"] for step in done) else (False, "It names these keys:")
    if asked.json:
        print(json.dumps({"ok": is_good, "pinned": bool(asked.pin), "checks": done, "keys": keys}, indent=1))
    else:
        sys.stdout.reconfigure(errors="backslashreplace")
        for step in done:
            print(f"{'ok' if step['ok'] else 'FAULT':6} {step['check']:10} {step['found']}")
        print("\nEverything here is unchanged since it was recorded." if is_good else "\nDO NOT RELY ON THIS PACK.")
        print(f"This does not prove that what was recorded was true. {signed} {', '.join(keys)}")
        if not asked.pin:
            print("Compare it with a checkpoint you were sent before (--pin FILE), or with a key you were told.")
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
