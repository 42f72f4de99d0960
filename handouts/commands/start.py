"""Start Invoke for ./inv so that Ctrl+C, a closed stream or a closed pipe never ends in a traceback.

In: the command line. Out: Invoke's exit code. Loading site-packages and Invoke takes 0.2 s, in which Ctrl+C would print a
traceback and exit with 1, the code for faults of the content. So `inv` runs this file without them (`python -SP`), and main()
sets a handler before it loads them. When a task runs, tasks.py handles Ctrl+C.
"""

import sys

STOPPED = 130
"""Exit code of a command that Ctrl+C ended, as shells report it."""
STOPPED_MESSAGE = "Stopped. Nothing was changed."

try:
    import os
    import signal
    import site
except KeyboardInterrupt:
    print(STOPPED_MESSAGE, file=sys.stderr)
    sys.exit(STOPPED)


def stop(*_: object) -> None:
    """End the process: no task has begun."""
    os.write(2, f"{STOPPED_MESSAGE}\n".encode())
    os._exit(STOPPED)


def open_streams() -> None:
    """Open standard streams that the caller closed; otherwise the next file that is opened would become one of them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one
    sys.stdin, sys.stdout = sys.stdin or open(0), sys.stdout or open(1, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w")  # noqa: SIM115


def main() -> None:
    """Load site-packages and Invoke, and run the task."""
    open_streams()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)  # but a background process of a script goes on ignoring it
    site.main()
    from invoke.main import program

    try:
        program.run(["inv", *sys.argv[1:]])
    except BrokenPipeError:  # the reader ended: `./inv -l | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else Python flushes again at exit
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python only cleans up now


if __name__ == "__main__":
    main()
