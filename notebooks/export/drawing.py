"""Run by a kernel as it starts, so that every picture that a cell shows is also written to a folder."""


def write_figures():
    import itertools
    import os
    from pathlib import Path

    from IPython import get_ipython

    from emlib.page.picture import Picture
    from emlib.page.switch import Switch
    from emlib.page.widget import Talking

    folder, numbers = Path(os.environ["EXPORTED_FIGURES"]), itertools.count(1)

    def written(shown):
        number = next(numbers)
        for suffix in ("svg", "pdf", "png"):
            try:
                shown.savefig(folder / f"{number:02}.{suffix}")
            except OSError as error:
                return f"{os.environ['EXPORT_FAILED']}{error}"
        return ""

    for kind in (Picture, Talking, Switch):
        get_ipython().display_formatter.formatters["text/html"].for_type(kind, written)


write_figures()
del write_figures
