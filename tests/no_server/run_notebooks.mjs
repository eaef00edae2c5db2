// Run notebooks in Pyodide under Node, one after another in one Python: node run_notebooks.mjs PYODIDE NOTEBOOK...
// Prints a line of JSON for each: its cells' outputs, the seconds it took, and the bytes of the heap at its end.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const RUN = `
import json

import pyodide_kernel

kernel = pyodide_kernel.kernel_instance
interpreter, outputs = kernel.interpreter, []
interpreter.reset()  # no name of the notebook before
interpreter.send_comm = lambda *message: None  # there is no page
kernel._parent_header = {"header": {}, "metadata": {}}

def stream(name, text):
    if outputs and outputs[-1].get("name") == name:
        outputs[-1]["text"] += text
    else:
        outputs.append({"output_type": "stream", "name": name, "text": text})

pyodide_kernel.stdout_stream.publish_stream_callback = pyodide_kernel.stderr_stream.publish_stream_callback = stream
display = interpreter.display_pub
display.clear_output_callback = lambda wait: None
display.update_display_data_callback = lambda data, metadata, transient: None
display.display_data_callback = lambda data, metadata, transient: outputs.append(
    {"output_type": "display_data", "data": data}
)
def result(count, data, metadata):
    if data:  # what displays itself leaves nothing
        outputs.append({"output_type": "execute_result", "data": data})

interpreter.displayhook.publish_execution_result = result

async def run(source):
    outputs.clear()
    result = await kernel.run(source)
    if result["status"] == "error":
        outputs.append({"output_type": "error", "ename": result["ename"], "evalue": result["evalue"]})
    return list(outputs)

json.dumps([await run(source) for source in json.loads(sources)], default=str)
`;

const tell = console.log;
console.log = () => {}; // Pyodide tells of every package there
const [folder, ...paths] = process.argv.slice(2).map((word) => resolve(word));
globalThis.fetch = async (file) => new Response(readFileSync(file)); // Node's own fetches from a net alone
const { loadPyodide } = await import(pathToFileURL(`${folder}/python.mjs`));
const start = performance.now();
const python = await loadPyodide({ indexURL: `${folder}/` });
const ready = (performance.now() - start) / 1000;
const lines = []; // told at the end: what Pyodide still says would get between
for (const path of paths) {
  const begun = performance.now();
  const cells = JSON.parse(readFileSync(path, 'utf8')).cells.filter((cell) => cell.cell_type === 'code');
  python.globals.set('sources', JSON.stringify(cells.map((cell) => [cell.source].flat().join(''))));
  const outputs = JSON.parse(await python.runPythonAsync(RUN));
  const seconds = (performance.now() - begun) / 1000;
  lines.push(JSON.stringify({ path, outputs, ready, seconds, heap: python._module.HEAP8.length }));
}
tell(lines.join('\n'));
