// Starts Python while JupyterLab is still loading, whose first kernel gets its worker.
window.kept.then(() => {
  if (crossOriginIsolated) return; // kernels are made otherwise there
  let early = new Worker('../static/pyodide/early.js');
  window.Worker = new Proxy(Worker, {
    construct(Worker, [script, ...options]) {
      if (!early || !`${script}`.includes('pyodide-kernel-extension')) return new Worker(script, ...options);
      const first = early;
      early = null;
      first.postMessage(`${script}`);
      return first;
    },
  });
});

// Cells that are run before there is a kernel wait for it. JupyterLab passes over them, without a word.
let lab = null;
Object.defineProperty(window, 'jupyterapp', {
  get: () => lab,
  set: (made) => {
    lab = made;
    const execute = lab.commands.execute.bind(lab.commands);
    lab.commands.execute = async (name, ...words) => {
      if (name.startsWith('notebook:run-')) await lab.shell.currentWidget?.sessionContext?.ready;
      return execute(name, ...words);
    };
  },
});
