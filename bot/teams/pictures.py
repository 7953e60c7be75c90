"""A picture small enough to stand in a card: fewer colours, then fewer points, until it fits."""

from __future__ import annotations

import base64
from io import BytesIO

KIND = "image/png"
HEAD = "data:image/png;base64,"
TRIES = ((16, 1.0), (12, 0.8), (8, 0.8), (8, 0.75), (8, 0.7), (8, 0.6), (8, 0.5))  # colours, share of the width


def fitted(content: bytes, most: int) -> str | None:
    """A PNG as an address that holds it, of at most so many letters; None when it cannot be made so small."""
    from PIL import Image  # comes with what draws pictures

    with Image.open(BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    for colours, share in TRIES:
        smaller = picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)
        into = BytesIO()
        smaller.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(into, "png", optimize=True)
        address = HEAD + base64.b64encode(into.getvalue()).decode()
        if len(address) <= most:
            return address
    return None
