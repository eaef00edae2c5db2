// JupyterLite's kernel takes no module.
self.loadPyodide = async (options) => (await import(`${options.indexURL}python.mjs`)).loadPyodide(options);
