"""Says which Chromium the browser tests will drive, or that they are left out, and why."""

from __future__ import annotations

import shutil
import sys

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_browser() -> str | None:
    """The path of a Chromium on this machine, None where there is none."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def main() -> int:
    """Print what was found; 1 where there is no browser."""
    found = find_browser()
    if found:
        print(f"Browser tests: {found}")
        return 0
    print(
        "Browser tests are left out: no Chromium was found "
        f"(looked for {', '.join(CHROMIUMS)}). On Debian: apt-get install chromium",
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
