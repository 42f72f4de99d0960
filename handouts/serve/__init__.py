"""Show the site while it is being written: ./inv serve.

In: the content, a port. Out: the site on 127.0.0.1, built anew at every save, until Ctrl+C. Parts:
  preview.py  watches the files and starts a build at every save
  builder.py  another process (rebuild.py), so that a build never holds up a page and its code can be renewed
  hub.py      knows the last good version and the problems since, and tells every open page
  server.py   hands out the files; a page gets one script more, reload.js, which reloads it and shows the problems

Nothing of this is ever in a built file.
"""
