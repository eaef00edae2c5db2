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
