"""Files put away until the site is written."""

from __future__ import annotations

import hashlib

import pytest

from handouts.sheets.outputs import Filed, Shelf
from tests.build_tools import tree


def test_of_a_file_size_and_digest_are_remembered(tmp_path):
    filed = Shelf(tmp_path / "shelf").put("handouts/a.pdf", b"one" * 500)

    assert filed == Filed(1500, hashlib.sha256(b"one" * 500).hexdigest())
    assert filed.kilobytes == 2


def test_a_file_goes_to_its_address_beside_what_is_there(tmp_path):
    site = tmp_path / "site"
    shelf = Shelf(site / ".shelf")
    (site / "mobile").mkdir(parents=True)
    (site / "mobile/index.html").write_bytes(b"a page")
    shelf.put("mobile/sheet/index.html", b"a twin")
    assert shelf.read("mobile/sheet/index.html") == b"a twin"

    shelf.move("mobile/sheet/index.html", site)
    shelf.clear()

    assert tree(site) == {"mobile/index.html": b"a page", "mobile/sheet/index.html": b"a twin"}
    assert not (site / ".shelf").exists()


def test_what_is_put_away_twice_is_there_as_it_was_last(tmp_path):
    """`pelican` alone may find what a killed build left."""
    shelf = Shelf(tmp_path / "shelf")
    shelf.put("a.pdf", b"old")
    shelf.put("a.pdf", b"new")
    shelf.move("a.pdf", tmp_path)

    assert tree(tmp_path) == {"a.pdf": b"new"}


def test_a_file_that_somebody_deleted_is_missed(tmp_path):
    """A site without it must not come into being."""
    shelf = Shelf(tmp_path / "shelf")
    shelf.put("a.pdf", b"one")
    shelf.clear()

    with pytest.raises(FileNotFoundError):
        shelf.move("a.pdf", tmp_path)


def test_a_shelf_that_was_not_used_is_no_folder(tmp_path):
    Shelf(tmp_path / "shelf").clear()

    assert list(tmp_path.iterdir()) == []
