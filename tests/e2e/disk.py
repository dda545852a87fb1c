"""A small disk of its own for a test.

It is a tmpfs in a mount namespace, which a process of ours holds, so that
nothing of it stays behind.
"""

import errno
import os
import pathlib
import shutil
import subprocess

from rialto import mounting

HOLD = """
mount -t tmpfs -o size="$1",mode=700 disk "$2"
trap 'umount --lazy "$2"' EXIT
cp -a "$3/." "$2"
echo mounted
cat
"""


class Disk:
    """Mounted over a folder, for programs that start with enter()."""

    def __init__(self, folder, size):
        saved = folder.with_name("saved")
        shutil.copytree(folder, saved)
        self.holder = subprocess.Popen(
            [*mounting(), "sh", "-ec", HOLD, "sh", size, folder, saved],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout.readline() == "mounted\n"
        self.folder = pathlib.Path(f"/proc/{self.holder.pid}/root{folder}")
        self.enter = ["nsenter", f"--target={self.holder.pid}", "--mount",
                      "--root",
                      *([] if os.getuid() == 0 else
                        ["--user", "--preserve-credentials"])]

    def fill(self, keep=0):
        """To the brim, or but for so many bytes."""
        with open(self.folder / "filler", "ab", buffering=0) as file:
            piece = b"x" * 65536
            while piece:
                free = os.statvfs(self.folder).f_bavail * 4096
                if free < keep + len(piece):
                    if keep:
                        break
                try:
                    file.write(piece)
                except OSError as problem:
                    assert problem.errno == errno.ENOSPC
                    piece = piece[: len(piece) // 2]

    def free(self):
        (self.folder / "filler").unlink()

    def close(self):
        self.holder.stdin.close()
        self.holder.wait()
