"""The preview: ./inv serve.

In: the content, a port. Out: the site on 127.0.0.1, rebuilt at every save, until Ctrl+C. Nothing of the preview is ever in a
built file. Its modules:
  rebuild.py  watches the files and builds at every save; in a process of its own, so that pages do not wait for a build and
              changed code is loaded again
  server.py   starts that process, serves the files, and adds reload.js to each page, which reloads it when it has changed and
              shows problems
"""
