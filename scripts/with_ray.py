"""Runs a command with a Ray cluster of this machine: `python -m scripts.with_ray COMMAND … ADDRESS …`.

Two nodes of a core each; the word ADDRESS becomes that of the cluster, which is gone when the command has ended.
"""

from __future__ import annotations

import subprocess
import sys

from tests.ray_cluster import run_ray


def main() -> int:
    """The status of the command."""
    with run_ray(2) as cluster:
        command = [cluster.address if word == "ADDRESS" else word for word in sys.argv[1:]]
        return subprocess.run(command, check=False).returncode  # noqa: S603 - what this was asked to run


if __name__ == "__main__":
    sys.exit(main())
