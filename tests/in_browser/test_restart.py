"""What readers do to a page that plays: the kernel is restarted, the page is loaded again, cells run once more."""

import pytest
from browser import running_in_lab, shown, sight, until


def plays(page):
    explorer = sight(page, "explorer")
    status = explorer.locator("[role=status]")
    until(lambda: "Start: biases" in status.inner_text())
    explorer.locator(".emlib-play").click()
    until(lambda: "Iteration" in status.inner_text())
    return shown(explorer)


def run_all(page):
    page.get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


@pytest.mark.long
def test_after_a_restart_or_a_reload_in_the_middle_of_play_it_plays_again(lab):
    cells = "from emlib.widgets import Explorer", "Explorer()"
    with running_in_lab(lab, "restart.ipynb", *cells) as page:
        first = plays(page)
        page.get_by_role("menuitem", name="Kernel", exact=True).click()
        page.get_by_text("Restart Kernel…", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Confirm Kernel Restart").click()
        run_all(page)
        second = plays(page)
        page.reload()
        page.locator(".jp-Notebook").wait_for()
        run_all(page)
        assert plays(page) and first and second
        assert "".join(page.locator(".emlib-explorer [role=alert]").all_inner_texts()) == ""
