// JupyterLite's kernel takes no module. Where Python was started early it takes that.
self.loadPyodide = async (options) => self.early ?? (await import(`${options.indexURL}python.mjs`)).loadPyodide(options);
