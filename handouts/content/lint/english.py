"""Rules about how English is written."""

from __future__ import annotations

from ...errors import Findings
from ..data import Data
from ..english import faults_of
from ..syntax import CITE, FOREIGN, TRANSLATED, VALUE, WHEN, Draft, replaced, without_block_mark, words_of


def english(draft: Draft, data: Data) -> Findings:
    """English has no Chinese characters or marks and no straight quotes, and its spaces are as in print."""
    for number, line in draft.lines(TRANSLATED):
        text = replaced(without_block_mark(line), "", CITE)
        text = words_of(replaced(text, "x", VALUE, WHEN, FOREIGN)).replace("*", "")
        for piece in text.split("|"):
            for wrong in faults_of(piece.strip()):
                yield number, wrong
