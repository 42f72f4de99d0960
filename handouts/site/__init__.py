"""Make the web site around the sheets, with Pelican.

In: the Content and the manifest. Out: pages, feeds, search index, calendar files, service worker; all links checked.
"""
