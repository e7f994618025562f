"""The figure in a JupyterLab, in Chromium: shown, set from both sides, read, and gone when it should be."""

from __future__ import annotations

from conftest import Notebook, until
from playwright.sync_api import expect

FIGURE = "figure = gp.Playground(['none', 'autoguidance'], seed=7, particles=1024)\nfigure"


def weight(notebook: Notebook, panel: int):
    return notebook.figures.first.locator("gp-playground-panel").nth(panel).get_by_role("slider", name="Guidance weight")


def clock(notebook: Notebook):
    return notebook.figures.first.get_by_role("slider", name="Noise level", exact=True)


def test_a_cell_shows_the_figure_and_asks_no_other_host(opened):
    notebook = opened(FIGURE)
    expect(notebook.figures.locator("gp-playground-panel")).to_have_count(2)
    notebook.wait_for_results()
    assert notebook.value("[figure.schemes, figure.seed, figure.particles, figure.step, figure.distribution]") == [
        ["none", "autoguidance"], 7, 1024, 32, "tree-2",
    ]  # fmt: skip
    assert notebook.value("figure.state") == "v=1&schemes=none,autoguidance&seed=7&particles=1024"
    assert notebook.value("figure.backend['kind']") == "cpu"
    assert notebook.value("figure.failure") is None
    assert notebook.elsewhere == []


def test_what_a_hand_moves_python_has(opened):
    notebook = opened(FIGURE)
    notebook.wait_for_results()
    notebook.run("heard = []; figure.observe(lambda change: heard.append(change.new), 'schemes')")
    weight(notebook, 1).fill("2.5")
    notebook.until("figure.schemes == ['none', 'autoguidance~weight:2.5']")
    assert notebook.value("heard[-1]") == ["none", "autoguidance~weight:2.5"]
    clock(notebook).press("Home")
    clock(notebook).press("ArrowRight")
    notebook.until("figure.step == 1")
    assert notebook.value("figure.state").endswith("&step=1")


def test_what_python_sets_the_figure_has(opened):
    notebook = opened(FIGURE)
    notebook.wait_for_results()
    notebook.run("figure.schemes = ['autoguidance~weight:4', {'main': 'exact'}, 'none']")
    expect(notebook.figures.locator("gp-playground-panel")).to_have_count(3)
    expect(weight(notebook, 0)).to_have_value("4")
    notebook.run("figure.step = 5")
    expect(clock(notebook)).to_have_attribute("aria-valuenow", "5")
    # All of it at once, which the figure then tells by its parts.
    notebook.run("figure.state = 'v=1&schemes=classifier-free~weight:2&seed=3&paths=1&view=0.5,1,0.25'")
    notebook.until("figure.seed == 3")
    assert notebook.value("[figure.schemes, figure.paths, figure.view, figure.step]") == [
        ["classifier-free~weight:2"], True, [0.5, 1, 0.25], 32,
    ]  # fmt: skip


def test_two_views_of_one_figure_keep_step(opened):
    notebook = opened(FIGURE, "figure")
    expect(notebook.figures).to_have_count(2)
    notebook.figures.nth(1).scroll_into_view_if_needed()
    notebook.wait_for_results()
    weight(notebook, 1).fill("2")
    second = notebook.figures.nth(1).locator("gp-playground-panel").nth(1).get_by_role("slider", name="Guidance weight")
    second.scroll_into_view_if_needed()
    expect(second).to_have_value("2")


def test_what_it_samples_is_what_python_samples(opened):
    notebook = opened(FIGURE)
    notebook.wait_for_results()
    notebook.run(
        """
        import numpy as np
        own = [gp.sample(scheme, particles=1024, seed=7) for scheme in figure.schemes]
        apart = [float(np.abs(shown - own.positions).max()) for shown, own in zip(figure.positions, own)]
        own = [gp.metrics(each.positions) for each in own]
        both = list(zip(figure.metrics, own))
        gaps = [abs(shown[name]["value"] - own[name].value) for shown, own in both for name in ("outliers", "sliced_wasserstein")]
        """
    )
    assert notebook.value("[figure.positions.shape, str(figure.positions.dtype)]") == [[2, 1024, 2], "float32"]
    # Another instruction set's rounding, over 32 steps.
    assert max(notebook.value("apart")) < 1e-3
    assert max(notebook.value("gaps")) < 2e-3
    notebook.run("before = figure.positions; figure.seed = 8")
    notebook.until("figure.positions is not before")
    assert notebook.value("float(np.abs(figure.positions - before).max())") > 0.1


def test_figures_share_workers_which_end_with_the_last(opened):
    notebook = opened(FIGURE, "other = gp.Playground('classifier-free')\nother")
    notebook.figures.nth(0).scroll_into_view_if_needed()
    notebook.wait_for_results()
    one = len(notebook.page.workers)
    assert one > 0
    notebook.figures.nth(1).scroll_into_view_if_needed()
    notebook.wait_for_results("other")
    assert len(notebook.page.workers) == one
    notebook.command("notebook:clear-all-cell-outputs")
    expect(notebook.figures).to_have_count(0)
    # Not a clock: Playwright hears of a worker's end while it waits for the page.
    until(lambda: notebook.page.evaluate("1") and not notebook.page.workers, "no workers")


def test_without_its_kernel_it_is_a_picture(opened):
    notebook = opened(FIGURE)
    notebook.wait_for_results()
    notebook.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(notebook.page.get_by_text("The kernel of this figure is gone")).to_be_visible()
    expect(notebook.page.get_by_role("img", name="Guidance Playground")).to_be_visible()
    expect(notebook.figures).to_have_count(0)
    until(lambda: notebook.page.evaluate("1") and not notebook.page.workers, "no workers")


def test_a_reloaded_page_has_it_as_it_was(opened):
    notebook = opened(FIGURE)
    notebook.wait_for_results()
    weight(notebook, 1).fill("2")
    notebook.until("figure.schemes[1] == 'autoguidance~weight:2'")
    notebook.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    notebook.page.reload()
    notebook.wait_for_kernel()
    expect(weight(notebook, 1)).to_have_value("2")


def test_it_is_light_or_dark_as_the_notebook(opened):
    notebook = opened(FIGURE)
    notebook.wait_for_results()
    scheme = "() => getComputedStyle(document.querySelector('guidance-playground').shadowRoot.querySelector('gp-instrument')).colorScheme"
    for theme, expected in ("JupyterLab Dark", "dark"), ("JupyterLab Light", "light"):
        notebook.command("apputils:change-theme", theme=theme)
        notebook.page.wait_for_function(f"{scheme.removeprefix('() => ')} === '{expected}'")


def test_bad_arguments_are_told_in_the_cell(opened):
    notebook = opened(FIGURE, "gp.Playground(seed=-1)")
    cell = notebook.page.locator(".jp-OutputArea-output", has_text="GuidancePlaygroundError")
    expect(cell).to_contain_text("“seed” of a figure is a whole number, 0 to 2^53 - 1, and not -1.")
    notebook.wait_for_kernel()
    for code, sentence in (
        ("gp.Playground(sed=1)", "A figure has no “sed”."),
        ("gp.Playground(['nonsense'])", 'There is no scheme named "nonsense".'),
        ("figure.view = [0, 1]", "“view” of a figure is three numbers: x, y, half width, and not [0, 1]."),
        ("figure.metrics = []", "“metrics” is told by the figure, and not set."),
    ):
        assert notebook.execute(code)[1].startswith(f"GuidancePlaygroundError: {sentence}")


def test_what_only_the_figure_refuses_it_tells(opened):
    notebook = opened(FIGURE)
    notebook.wait_for_results()
    notebook.run("figure.field = 'nonsense'")
    expect(notebook.figures.get_by_role("status").first).to_contain_text("field that cannot be had")
    notebook.until("figure.failure and figure.failure['code'] == 'invalid'")
    assert notebook.value("figure.field") is None
    # Asked for once more, it is told once more; what can be had is had, and nothing is refused any more.
    notebook.run("figure.field = 'nonsense'")
    notebook.until("figure.failure and figure.failure['code'] == 'invalid'")
    notebook.run("figure.field = 'difference'")
    notebook.until("figure.metrics and figure.failure is None")
    assert notebook.value("figure.field") == "difference"
