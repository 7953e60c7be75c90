"""How long to look: 25 of everything by default, 300 with HYPOTHESIS_PROFILE=fuzz (`make fuzz`)."""

import os

from hypothesis import settings

settings.register_profile("fuzz", max_examples=300, deadline=None)
if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz":
    settings.load_profile("fuzz")
