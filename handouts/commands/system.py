"""Turn an error of the operating system into a sentence that says what to do.

In: an OSError. Out: a UsageError or a MachineError.
"""

from __future__ import annotations

import errno

from ..errors import BuildError, MachineError, UsageError

MACHINE = {
    errno.ENOSPC: "The disk is full. Free some space and try again",
    errno.EDQUOT: "Your quota is used up. Free some space and try again",
    errno.EFBIG: "A file may not grow so large here. Raise the limit (ulimit -f) and try again",
    errno.EACCES: "This is not allowed. Check the permissions of this path and of the folder above it",
    errno.EPERM: "This is not allowed. Check the permissions of this path and of the folder above it",
    errno.EROFS: "The file system is read-only. Choose a folder that can be written",
    errno.EBUSY: "Another disk is mounted here, so it cannot be replaced. Choose a folder inside it",
    errno.EMFILE: "Too many files are open. Raise the limit (ulimit -n) and try again",
    errno.ENOMEM: "There is not enough memory. Close other programs and try again",
}
CALL = {
    errno.ENAMETOOLONG: "This name is too long. Choose a shorter one",
    errno.ENOTDIR: "A folder above this one is a file. Choose another folder",
    errno.EEXIST: "A folder above this one is a file. Choose another folder",
    errno.ELOOP: "This link leads in a circle. Choose another folder",
}


def explained(error: OSError, where: object = "") -> BuildError:
    """Return the error to raise instead; `where` is named when the system names no path."""
    place = error.filename or where
    start = f"{place}: " if place else ""
    if error.errno in CALL:
        return UsageError(f"{start}{CALL[error.errno]}.")
    return MachineError(
        f"{start}{MACHINE.get(error.errno or 0, f'{error.strerror}. See to it and try again')}."
    )
