"""The preview: ./inv serve.

In: the content, a port. Out: the site on 127.0.0.1, rebuilt at every save, until Ctrl+C. Nothing of the preview is ever in a
built file. Its modules:
  preview.py  watches the files and asks for a build at every save
  builder.py  starts the process that builds (rebuild.py), so that pages do not wait and its code can be reloaded
  hub.py      holds the state of the preview and notifies open pages
  server.py   serves the files and adds reload.js to each page, which reloads the page and shows problems
"""
