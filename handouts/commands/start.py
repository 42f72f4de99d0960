"""Start Invoke for ./inv, so that Ctrl+C ends it with a sentence from the first moment on.

In: the command line. Out: how Invoke ends. Run as a file and without what Python loads at its start (`python -SP`):
stopped in those 0.2 s, Python would print a traceback, and Invoke end with 1, which means the content here. A task
is stopped more gently; see tasks.py.
"""

import sys

STOPPED = 130
"""Exit code of a command that Ctrl+C ended, as shells report it."""
SAID = "Stopped. Nothing was changed."

try:
    import os
    import signal
    import site
except KeyboardInterrupt:
    print(SAID, file=sys.stderr)
    sys.exit(STOPPED)


def stop(*_: object) -> None:
    """End at once: nothing has begun."""
    os.write(2, f"{SAID}\n".encode())
    os._exit(STOPPED)


def main() -> None:
    """Load what Python loads, then Invoke, and hand over to it."""
    # A script's background process has it ignored.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)
    site.main()
    from invoke.main import program  # it can be found from here on

    try:
        program.run(["inv", *sys.argv[1:]])
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done and said; what is left is Python's


if __name__ == "__main__":
    main()
