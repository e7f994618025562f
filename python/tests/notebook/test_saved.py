"""What a saved notebook has of a figure for those who have no kernel: made by nbconvert, which runs it, and by JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from conftest import notebook_of, until
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor

WIDGET = "application/vnd.jupyter.widget-view+json"
IMPORT = "import guidance_playground as gp"


@pytest.fixture
def executed(tmp_path: Path) -> Callable[..., nbformat.NotebookNode]:
    """Runs cells as `jupyter nbconvert --execute` does."""

    def run(*cells: str) -> nbformat.NotebookNode:
        notebook = notebook_of([IMPORT, *cells])
        ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
        return notebook

    return run


def as_html(notebook: nbformat.NotebookNode) -> str:
    return HTMLExporter().from_notebook_node(notebook)[0]


def dots(svg: str) -> list[int]:
    """At how many places each panel of a picture has particles."""
    return [path.count("M") for path in re.findall(r'd="([^"]*)" stroke="#c14a00"', svg)]


def test_where_nobody_looks_on_a_picture_stands(executed):
    notebook = executed("gp.Playground(['none', 'autoguidance'], particles=1024)")
    data = notebook.cells[1].outputs[0].data
    assert set(data) == {"text/plain", "image/svg+xml"}
    assert data["text/plain"] == "<Playground v=1&schemes=none,autoguidance&particles=1024>"
    assert "No guidance" in data["image/svg+xml"]
    assert "Autoguidance" in data["image/svg+xml"]
    assert all(900 < count <= 1024 for count in dots(data["image/svg+xml"]))
    assert len(dots(data["image/svg+xml"])) == 2
    # Nothing of a widget, which would have to be fetched from elsewhere and would find no kernel.
    assert "widgets" not in notebook.metadata
    page = as_html(notebook)
    assert dots(page) == dots(data["image/svg+xml"]) or "data:image/svg+xml;base64," in page


def test_with_an_address_the_figure_is_live(executed):
    notebook = executed("gp.Playground(['none', 'autoguidance~weight:2'], seed=3, home='https://toys.example/guidance/', hide='clock')")
    code = notebook.cells[1].outputs[0].data["text/html"]
    assert '<script type="module" src="https://toys.example/guidance/guidance-playground.js"></script>' in code
    figure = re.search(r"<guidance-playground ([^>]*)>(.*?)</guidance-playground>", code, re.S)
    assert 'state="v=1&amp;schemes=none,autoguidance~weight:2&amp;seed=3"' in figure[1]
    assert 'hide="clock"' in figure[1]
    # Until it is there, and where the host is gone.
    assert '<div slot="poster"><svg' in figure[2]
    page = as_html(notebook)
    assert 'src="https://toys.example/guidance/guidance-playground.js"' in page
    assert "<guidance-playground " in page


def test_a_picture_is_of_the_step_that_is_asked_for(executed):
    (noise, end) = (executed(f"gp.Playground('none', particles=512, step={step})") for step in (0, 32))
    assert noise.cells[1].outputs[0].data["image/svg+xml"] != end.cells[1].outputs[0].data["image/svg+xml"]


def test_what_jupyterlab_saves_is_live_there_and_a_picture_elsewhere(opened):
    notebook = opened("figure = gp.Playground(['none', 'autoguidance'], particles=512)\nfigure")
    notebook.wait_for_results()
    notebook.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")

    def saved() -> nbformat.NotebookNode | None:
        found = nbformat.read(notebook.path, as_version=4)
        return found if found.cells[1].outputs else None

    found = until(saved, "the saved notebook")
    assert set(found.cells[1].outputs[0].data) == {WIDGET, "text/plain", "image/svg+xml"}
    page = as_html(found)
    assert "<svg" in page or "data:image/svg+xml;base64," in page
    assert WIDGET not in page
