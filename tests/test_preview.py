"""The picture of a sheet: what a phone saves and a chat shows."""

import struct
from io import BytesIO

import pytest
from PIL import Image

from handouts.pdf.pictures import picture
from tests.build_tools import GUIDES, a4


def chunks(png: bytes) -> list[str]:
    """Return the names of a PNG's chunks, in order (PNG specification, 5.3)."""
    names, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        names.append(png[at + 4 : at + 8].decode())
        at += 12 + length
    return names


@pytest.mark.parametrize("guide", GUIDES)
def test_a_picture_is_a4_at_150_dpi_and_small_enough_to_send(site, guide):
    png = (site / guide / "sheet.png").read_bytes()

    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (1240, 1754)
    assert len(png) < 300_000


def test_a_picture_holds_no_date_and_no_text(tiny):
    """Chunks such as tIME and tEXt would change from build to build."""
    pdf = tiny.write(tiny.lay_out(a4("<p>停卡</p>")))

    assert set(chunks(picture(pdf))) == {"IHDR", "pHYs", "PLTE", "IDAT", "IEND"}


def test_a_picture_shows_the_slash_in_the_line_for_a_day(tiny):
    """What a field shows is no part of the page: a viewer draws it on top."""
    day, line = (
        tiny.write(tiny.lay_out(a4(f'<form><input name="x{name}1" title="x"></form>', "input { border: 0 }")))
        for name in ("-done-", "-fill-")
    )

    darkest = [Image.open(BytesIO(picture(pdf))).convert("L").getextrema()[0] for pdf in (day, line)]
    assert darkest[0] < 128 < darkest[1]
