// Compile what the explorer imports, with Pyodide's own Python: node compile.mjs PYODIDE INTO
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const COMPILE = `
import py_compile, sys, tempfile, zipfile
from pathlib import Path

import emlib.widgets
import pyodide_kernel
import piplite.piplite
from matplotlib.font_manager import fontManager, json_dump

kernel = pyodide_kernel.kernel_instance
kernel.interpreter.send_comm = lambda *message: None  # there is no page
emlib.widgets.Explorer()
await kernel.run("import numpy as np; np.linalg.inv(0)")  # in its traceback is more of IPython
kernel.complete("np.lin", 6)

imported = {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
imported |= {str(path) for path in Path(emlib.__file__).parent.rglob("*.py")}
into = Path(tempfile.mkdtemp())
with zipfile.ZipFile("/lib/python312.zip") as archive:
    archive.extractall(into / "source")
for where, source in {"/lib/python312.zip": into / "source", "/lib/python3.12/site-packages": None}.items():
    for path in [Path(name) for name in sorted(imported) if name.startswith(where) and name.endswith(".py")]:
        place = path.relative_to(where)
        py_compile.compile(
            source / place if source else path,
            into / "made" / Path(where).name / place.with_suffix(".pyc"),
            path,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
(made := into / "made" / "matplotlib").mkdir()
json_dump(fontManager, made / "fontlist.json")
[(str(path.relative_to(into / "made")), path.read_bytes()) for path in (into / "made").rglob("*") if path.is_file()]
`;

const [pyodide, into] = process.argv.slice(2).map((word) => resolve(word));
const { loadPyodide } = await import(pathToFileURL(join(pyodide, 'pyodide.mjs')));
const python = await loadPyodide({ indexURL: `${pyodide}/`, env: { HOME: '/home/pyodide' } });
await python.loadPackage(['emlib', 'pyodide-kernel', 'ipython', 'jedi', 'micropip', 'piplite'], { messageCallback: () => {} });
for (const [name, content] of (await python.runPythonAsync(COMPILE)).toJs()) {
  mkdirSync(dirname(join(into, name)), { recursive: true });
  writeFileSync(join(into, name), content);
}
