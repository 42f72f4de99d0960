"""Check what a writer wrote, before anything is made of it.

In: a Draft and the Data it may cite. Out: (line, sentence) pairs, all of them.
One rule is one small generator; its docstring is the rule. Add a rule: write the generator in the
module of its subject and name it in the table of rules.py.
"""
