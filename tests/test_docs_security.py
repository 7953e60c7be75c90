"""docs/security.md names tests that exist, and docs/privacy.md says what it must."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PRIVACY = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SECURITY)


def test_every_threat_names_a_test_that_exists() -> None:
    threats = [line for line in SECURITY.splitlines() if re.match(r"\| [STRIDE] \|", line)]
    assert len(threats) == len(NAMED) >= 20
    assert {line[2] for line in threats} == set("STRIDE")
    assert [name for file, name in NAMED if not re.search(rf"def {name}\(", (ROOT / file).read_text(encoding="utf-8"))] == []


def test_the_assessment_says_what_platforms_keep_and_who_reads_channels() -> None:
    for said in ("Slack", "Teams", "administrator", "retention", "membership", "Article 35", "restricted", "backup"):
        assert said in PRIVACY
