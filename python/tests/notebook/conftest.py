"""A JupyterLab, Chromium, and notebooks in both. CHROMIUM is the browser's path."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

TOKEN = "figure"
# Seconds after which what does not come is missing.
PATIENCE = 60


def until(condition: Callable[[], Any], what: str) -> Any:
    """What a condition gives once it gives something."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} seconds: {what}")
        time.sleep(0.1)
    return found


def notebook_of(cells: list[str]) -> nbformat.NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel})


class Notebook:
    """A notebook that is open in JupyterLab, all of its cells run."""

    def __init__(self, page: Page, path: Path, address: str) -> None:
        self.page = page
        self.path = path
        # What the page asks of anybody but its server.
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self._note(request.url, address))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{address}/lab/tree/{path.name}?token={TOKEN}&reset")
        self.wait_for_kernel()
        self.command("notebook:run-all-cells")

    def _note(self, url: str, address: str) -> None:
        if not url.startswith((address, "blob:", "data:")):
            self.elsewhere.append(url)

    def wait_for_kernel(self) -> None:
        idle = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(idle, timeout=1000 * PATIENCE)

    def command(self, name: str, **arguments: Any) -> None:
        self.page.evaluate("([name, given]) => void window.jupyterapp.commands.execute(name, given)", [name, arguments])

    def run(self, code: str) -> str:
        """What Python prints in this notebook's kernel, which is not to raise anything."""
        printed, raised = self.execute(code)
        assert raised is None, raised
        return printed

    def execute(self, code: str) -> tuple[str, str | None]:
        """What Python prints, and what it raises, as JupyterLab has both."""
        printed, raised = self.page.evaluate(
            """async (code) => {
              const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
              const cell = kernel.requestExecute({ code });
              let [printed, raised] = ['', null];
              cell.onIOPub = ({ header, content }) => {
                if (header.msg_type === 'stream') printed += content.text;
                if (header.msg_type === 'error') raised = `${content.ename}: ${content.evalue}`;
              };
              await cell.done;
              return [printed, raised];
            }""",
            code,
        )
        return printed.strip(), raised

    def value(self, expression: str) -> Any:
        """A value that JSON can tell."""
        return json.loads(self.run(f"import json; print(json.dumps({expression}))"))

    def until(self, expression: str) -> None:
        until(lambda: self.value(f"bool({expression})"), expression)

    def wait_for_results(self, figure: str = "figure") -> None:
        self.until(f"{figure}.ready and {figure}.positions is not None")

    @property
    def figures(self) -> Locator:
        return self.page.locator("guidance-playground")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="session")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("jupyter")
    environment = {
        **os.environ,
        **{name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "IPYTHONDIR")},
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None",
    ]  # fmt: skip
    log = home / "log"
    with log.open("w") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT) as server:
        address = f"http://127.0.0.1:{port}"

        def listens() -> bool:
            assert server.poll() is None, log.read_text()
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        try:
            until(listens, "JupyterLab")
            yield address
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--headless=new"])
        yield browser
        browser.close()


@pytest.fixture
def opened(lab: str, browser: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Notebook]]:
    """Opens a notebook of these cells in JupyterLab, and runs it."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(1000 * PATIENCE)
    notebooks: list[Notebook] = []

    def open_notebook(*cells: str) -> Notebook:
        path = folder / f"{request.node.name}.ipynb"
        nbformat.write(notebook_of(["import guidance_playground as gp", *cells]), path)
        notebooks.append(Notebook(context.new_page(), path, lab))
        return notebooks[-1]

    yield open_notebook
    for notebook in notebooks:
        assert notebook.errors == []
        notebook.command("kernelmenu:shutdown")
    context.close()
