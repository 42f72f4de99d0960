"""Read what writers wrote: Markdown guides and TOML data become the frozen model, or findings.

In: the content folder. Out: a Content, and problems as `path:line: what is wrong. What to do.`
"""
