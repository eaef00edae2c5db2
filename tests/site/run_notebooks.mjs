// Run notebooks in Pyodide under Node: node run_notebooks.mjs PYODIDE NOTEBOOK...
// Prints a line of JSON for each: its cells' outputs, the seconds it took, and the bytes of the heap at its end.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const RUN = `
import json
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

class Shell(InteractiveShell):
    def enable_gui(self, gui=None):
        """Nothing: as in JupyterLite, there is none."""

shell = Shell.instance(colors="NoColor")

def run(source):
    with capture_output() as captured:
        result = shell.run_cell(source, store_history=True)
    error = result.error_in_exec or result.error_before_exec
    streams = {"stdout": captured.stdout, "stderr": captured.stderr}
    outputs = [{"output_type": "stream", "name": name, "text": text} for name, text in streams.items() if text]
    outputs += [{"output_type": "display_data", "data": output.data} for output in captured.outputs]
    if error:
        outputs.append({"output_type": "error", "ename": type(error).__name__, "evalue": str(error)})
    return outputs

json.dumps([run(source) for source in json.loads(sources)], default=str)
`;

const [folder, ...paths] = process.argv.slice(2).map((word) => resolve(word));
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
for (const path of paths) {
  const start = performance.now();
  const python = await loadPyodide({ indexURL: `${folder}/`, env: { MPLBACKEND: 'module://matplotlib_inline.backend_inline' } });
  await python.loadPackage(['emlib'], { messageCallback: () => {} });
  const ready = performance.now();
  const cells = JSON.parse(readFileSync(path, 'utf8')).cells.filter((cell) => cell.cell_type === 'code');
  python.globals.set('sources', JSON.stringify(cells.map((cell) => [cell.source].flat().join(''))));
  const outputs = JSON.parse(python.runPython(RUN));
  const seconds = (performance.now() - ready) / 1000;
  console.log(JSON.stringify({ path, outputs, ready: (ready - start) / 1000, seconds, heap: python._module.HEAP8.length }));
}
