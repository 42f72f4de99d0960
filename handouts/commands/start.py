"""Start Invoke for ./inv, so that Ctrl+C, a closed stream or a reader that left never ends in a traceback.

In: the command line. Out: Invoke's exit code. Run as a file and without site-packages (`python -SP`): they are loaded
below, when Ctrl+C is handled already. Loading takes 0.2 s, in which Python would print a traceback and Invoke exit with
1, which means the content here. Once a task runs, tasks.py handles Ctrl+C.
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


def open_streams() -> None:
    """Open those of the three standard streams that the caller closed, or files would get their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, this one
    sys.stdin, sys.stdout = sys.stdin or open(0), sys.stdout or open(1, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w")  # noqa: SIM115


def main() -> None:
    """Load what Python loads, then Invoke, and run it."""
    open_streams()
    # A script's background process has it ignored.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)
    site.main()
    from invoke.main import program  # it can be found from here on

    try:
        program.run(["inv", *sys.argv[1:]])
    except BrokenPipeError:  # nobody reads on: `./inv -l | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python tries again at its end
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # only Python's own clean-up is left


if __name__ == "__main__":
    main()
