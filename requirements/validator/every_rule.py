"""Run every rule of one collection year over three tables, each rule in an instance of its own; print what fired, as JSON.

For the environment of the validator alone (Python 3.11, pandas below 2): `every_rule.py HEADER EPISODES MISSING YEAR [CODE…]`.
A rule that fills in place would spoil the tables of the next: hence one instance a rule.
"""

import importlib
import json
import logging
import sys
from pathlib import Path

from lac_validator.lac_validator import LacValidator

logging.disable(logging.CRITICAL)
NAMES = ("Header", "Episodes", "Missing")


def main() -> int:
    """Print {"fired": {code: rows}, "ran": [codes], "failed": [codes]}."""
    *files, year = sys.argv[1:5]
    only = sys.argv[5:]
    ends_in = int(year)
    registry = importlib.import_module(f"lac_validator.rules.lac{ends_in - 1}_{ends_in % 100:02d}").registry
    about = {"collectionYear": year, "localAuthority": "E08000002"}
    given = [
        {"name": f"{n}.csv", "description": "This year", "file_content": Path(f).read_bytes()} for n, f in zip(NAMES, files, strict=True)
    ]
    fired, ran, failed = {}, [], []
    for code, rule in registry.items():
        if only and str(code) not in only:
            continue
        looked = LacValidator(dict(about), [dict(one) for one in given], {code: rule})
        ran += looked.dones
        failed += looked.fails
        column = f"ERR_{code}"
        rows = {
            t: [int(i) for i in f.index[f[column].fillna(value=False).astype(bool)]]
            for t, f in looked.ds_results.items()
            if hasattr(f, "columns") and column in f.columns
        }
        rows = {t: r for t, r in rows.items() if r}
        if rows:
            fired[str(code)] = rows
    print(json.dumps({"fired": fired, "ran": [str(c) for c in ran], "failed": [str(c) for c in failed]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
