"""Brings uv into .tools with the Python at hand; uv then builds the environments in seconds."""

import subprocess
import sys

if sys.version_info[:2] != (3, 11):
    sys.exit(
        f"Shouwang needs Python 3.11; this is {sys.version.split()[0]}. Call make with PYTHON=/path/to/python3.11."
    )
subprocess.run(
    [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", ".tools",
     "--require-hashes", "-r", "requirements/uv.txt"],
    check=True,
)  # fmt: skip
