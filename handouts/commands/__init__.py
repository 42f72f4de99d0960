"""Carry out the commands of tasks.py: build, publish, new.

In: the arguments of a call. Out: files in place, or an error that says what to do, with nothing half done.
"""
