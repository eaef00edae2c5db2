// Python before there is a kernel. When there is one, its script goes on in this worker, and finds what was imported.
const IMPORTS = `
import IPython.core.interactiveshell
import matplotlib.backends.backend_agg
import PIL.ImageFont
import PIL.PngImagePlugin
import emlib
`;
const folder = new URL('.', location).href;
self.early = import(`${folder}python.mjs`).then(({ loadPyodide }) => loadPyodide({ indexURL: folder }));
self.early.then((python) => python.runPython(IMPORTS));
self.onmessage = ({ data: script }) => {
  self.onmessage = null;
  self.importScripts(script);
};
