"""Calls that are written down."""


def counted(monkeypatch, module, name):
    """The calls of a function that a module uses."""
    calls, function = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *args, **kwargs: calls.append(args) or function(*args, **kwargs))
    return calls
