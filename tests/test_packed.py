"""What is packed comes back as it was, and takes little memory."""

import pickle
import tracemalloc

from handouts.cache.packed import AT_HAND, Packed


def test_what_was_packed_comes_back():
    thing = ("终止", {"id": (1, 2)}, None)
    assert Packed(thing).open() == thing


def test_packed_things_are_equal_when_what_they_hold_is():
    assert Packed(["甲", 1]) == Packed(["甲", 1])
    assert hash(Packed(["甲", 1])) == hash(Packed(["甲", 1]))
    assert Packed(["甲", 1]) != Packed(["甲", 2])
    assert Packed(["甲", 1]) != ["甲", 1]


def test_it_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(Packed("乙"))).open() == "乙"


def forget():
    """Open other things until nothing opened before is at hand."""
    for number in range(AT_HAND):
        Packed(number).open()


def test_a_guide_holds_less_than_half_of_what_its_sections_take(real_content):
    guide = max(real_content.guides, key=lambda guide: len(guide.steps))
    forget()
    tracemalloc.start()
    try:
        sections = guide.sections
        opened, _ = tracemalloc.get_traced_memory()
        copy = Packed(sections)
        del sections
        forget()
        packed, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert copy == guide.packed
    assert packed * 2 < opened
