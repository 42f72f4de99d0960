"""Typeset HTML as PDF, finish and verify it.

In: HTML, style sheets, characters. Out: the bytes of a PDF/UA-1 file, verified by a second engine.
"""
