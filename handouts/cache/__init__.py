"""Keep results on disk and in memory, by everything they were made of.

In: a key (the digest of all inputs) and a result. Out: the same result in a later call or build, or nothing.
"""
