"""What tests share."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def command() -> Callable[..., str]:
    """Runs the command, and gives what it prints."""

    def run(*arguments: str, status: int = 0) -> str:
        # The installed package, not the sources beside the tests.
        line = [sys.executable, "-P", "-m", "guidance_playground", *arguments]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        return done.stdout if status == 0 else done.stderr

    return run


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT
