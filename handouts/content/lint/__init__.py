"""Check a Markdown file before it is parsed.

In: a Draft and the Data it may cite. Out: all findings, (line, sentence) each.
A rule is a small generator, and its docstring states the rule. To add one, write the generator in the module of its subject
and name it in the table of rules.py.
"""
