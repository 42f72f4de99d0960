"""Make everything that is printed: sheets, letters, phrase card, large print, the volume.

In: the Content. Out: one PDF for each print job, and the manifest that describes them.
"""
