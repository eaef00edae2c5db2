// Starts the worker that keeps the site before anything else is loaded, so that the first visit is kept whole.
window.kept = (async () => {
  const workers = navigator.serviceWorker;
  if (!workers || workers.controller) return; // some browsers keep nothing in a private window
  const root = new URL('.', document.currentScript.src);
  const script = new URL('service-worker.js?enableCache=false', root).href; // as JupyterLite names it
  localStorage.setItem(`${script}-version`, '0.6.4'); // else JupyterLite takes it for an old one, and ends it
  const claimed = new Promise((resolve) => { workers.addEventListener('controllerchange', resolve, { once: true }); });
  await workers.register(script);
  await Promise.race([claimed, new Promise((resolve) => { setTimeout(resolve, 2000); })]);
})().catch(console.warn);
