"""What long work does with a `progress`: it reports, and hears whether it is to go on."""

from ..checks import brief


def check_progress(progress) -> None:
    """TypeError unless `progress` is None or can be called."""
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be callable with the share of the work that is done; it is {brief(progress)}")


def goes_on(progress, share: float) -> bool:
    """Report the share of the work that is done; whether the work is to go on. StopIteration is how they say no."""
    check_progress(progress)
    if progress is not None:
        try:
            progress(share)
        except StopIteration:
            return False
    return True
