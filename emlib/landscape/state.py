"""What the landscape shows, apart from how."""

from ..explorer.state import ExplorerState


class LandscapeState(ExplorerState):
    """Data and start of a landscape: no run, for the picture has one of its own."""

    def _find_steps(self):
        self.model.log_marginal(self.start)  # raises ImpossibleData
        return ()
