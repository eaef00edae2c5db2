// Python before there is a kernel. When there is one, its script goes on in this worker, and finds what was imported.
// The kernel first: it tells matplotlib where to draw. What is imported here is sought in Python's own folders alone;
// a kernel looks in the reader's, too, and asks the page for them each time.
const IMPORTS = `
import pyodide_kernel
import piplite.piplite
import emlib.widgets
`;
// Seen by nobody: the browser compiles what draws, if there is time for that.
const DRAW = `
from emlib.explorer.picture import ExplorerPicture
from emlib.explorer.state import ExplorerState
ExplorerPicture(ExplorerState()).image();
`;
const folder = new URL('.', location).href;
self.early = import(`${folder}python.mjs`).then(({ loadPyodide }) => loadPyodide({ indexURL: folder }));
self.early.then((python) => {
  python.runPython(IMPORTS);
  setTimeout(() => { if (self.onmessage) python.runPython(DRAW); }); // a kernel that is asked for meanwhile goes first
});
self.onmessage = ({ data: script }) => {
  self.onmessage = null;
  self.importScripts(script);
};
