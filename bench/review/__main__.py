"""Print the agreement of the rules with the labels, part by part and language by language."""

import os
import sys
from collections import defaultdict
from time import process_time


def main() -> None:
    """Measure both parts; `-v` lists every case that is more than one point off."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from bench.review.measure import cases, share_within

    for part in ("train", "more", "test"):
        pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
        began = process_time()
        for case in cases(part):
            draft = case.judged()
            both = (draft.score, case.score)
            for group in ("all", "given elsewhere" if case.is_apart else f"own control, {case.language}"):
                pairs[group].append(both)
            if not case.is_apart:
                pairs["own control"].append(both)
            if ("-v" in sys.argv and abs(draft.score - case.score) > 1) or "-vv" in sys.argv:
                print(f"  {case.name} for {case.requirement}: {draft.score}, labelled {case.score}, {draft.dimensions}")
        took = (process_time() - began) / len(pairs["all"])
        print(f"{part}: {took * 1000:.0f} ms of CPU a document")
        for group, found in sorted(pairs.items()):
            exact, near = share_within(found, 0), share_within(found)
            print(f"  {group:22} {len(found):4} documents, within one point {near:5.0%}, the same {exact:5.0%}")


if __name__ == "__main__":
    main()
