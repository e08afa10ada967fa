"""The README does what it says: its examples run in order, and print what stands below them."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "bindings/python/README.md").read_text("utf-8")
EXAMPLE = ROOT / "examples/python/decide.py"


def test_every_example_prints_what_it_says() -> None:
    blocks = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == README.count("```python") == 7
    assert blocks[0][0] == EXAMPLE.read_text("utf-8")
    names: Dict[str, Any] = {}
    for code, said in blocks:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, "README.md", "exec"), names)
        assert out.getvalue() == said


def test_the_example_runs_by_itself() -> None:
    ran = subprocess.run([sys.executable, str(EXAMPLE)], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("defer 2026-07-02 08:00:00-04:00\n")
