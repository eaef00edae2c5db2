"""A package, so that all its tests can share a browser and a JupyterLab."""
