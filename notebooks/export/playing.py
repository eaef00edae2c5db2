"""Run by a kernel as it starts, so that an explorer is shown as a page in the page, which plays its run."""


def play_explorers():
    from html import escape

    from IPython import get_ipython

    from emlib.widgets import Explorer

    def playing(explorer):
        still = explorer._repr_mimebundle_()[0]["text/html"]
        words, page = escape(f"EM's run: {explorer!r}"), escape(explorer.animation())
        frame = f'<iframe allow="fullscreen" title="{words}" srcdoc="{page}"></iframe>'
        return f'<div class="emlib-plays">{frame}{still}</div>'

    get_ipython().display_formatter.formatters["text/html"].for_type(Explorer, playing)


play_explorers()
del play_explorers
