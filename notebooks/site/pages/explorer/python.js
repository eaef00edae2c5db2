// Python, in a worker of the page, so that the page is never held up.
import { loadPyodide } from '../static/pyodide/python.mjs';

const program = fetch('page.py').then((answer) => answer.text());
const python = await loadPyodide({});
python.globals.set('post', (message, buffers) => postMessage({ message: JSON.parse(message), buffers: buffers.toJs() }));
python.runPython(await program);
onmessage = ({ data }) => python.globals.get('hear')(JSON.stringify(data));
postMessage({ message: { ready: true } });
