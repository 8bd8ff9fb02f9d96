"""Writes the pages of docs/reference that are printed from declarations, or checks that the committed ones are fresh.

python -m tools.documentation            writes
python -m tools.documentation --check    fails, naming the stale pages
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"


def pages() -> dict[str, Callable[[], str]]:
    """File name → what prints it."""
    from shouwang import policy
    from shouwang.feeds import reference as datasets
    from shouwang.jobs.command_line import manual as commands
    from shouwang.policy import reference as policies
    from shouwang.screening import catalogue, manual

    return {
        "rules.zh-CN.md": lambda: manual.page(catalogue.rules().values()),
        "datasets.zh-CN.md": datasets.page,
        "parameters.zh-CN.md": lambda: policies.parameters_page(policy.load()),
        "coverage.zh-CN.md": lambda: policies.coverage_page(policy.load()),
        "command-line.zh-CN.md": commands.page,
    }


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.config.settings"
    os.environ["SHOUWANG_HOME"] = str(REFERENCE / "no-workspace")  # a county's own values never enter these pages
    import django

    django.setup()
    stale = []
    for name, printed in pages().items():
        path, text = REFERENCE / name, printed()
        if not path.exists() or path.read_text() != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text)
    if stale and "--check" in sys.argv:
        sys.stderr.write(f"Stale pages in docs/reference: {', '.join(stale)}. Run `make docs` and commit.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
