// Shows one explorer. Between its view, which is the one that notebooks have, and Python stands what anywidget would be:
// a model that has traits and tells of their changes.
import make_view from './live_view.js';

const find = (id) => document.getElementById(id);
await window.kept; // so that what Python loads is kept
const python = new Worker('python.js', { type: 'module' });
const tell = (message) => python.postMessage(message);
const traits = {}, hearers = { change: [], 'msg:custom': [] };
const model = {
  get: (name) => traits[name],
  on: (event, act) => hearers[event].push(act),
  off: (event, act) => { hearers[event] = hearers[event].filter((other) => other !== act); },
  send: (message) => {
    tell({ widget: message });
    if (message.move || 'rest' in message) remember();
  },
};
const view = make_view(), main = document.querySelector('main');
let shown = false, late = null;

// The state of the view is in the address, so that the address can be passed on.
const state = () => decodeURIComponent(location.hash.slice(1));
function remember() {
  clearTimeout(late);
  late = setTimeout(() => tell({ text: true }), 400);
}

function hear({ state: changed, buffer_paths: paths = [], content, method }, buffers) {
  if (method === 'custom') {
    hearers['msg:custom'].forEach((act) => act(content, buffers));
    return;
  }
  if (method === 'echo_update') return;
  paths.forEach((path, i) => {
    const place = path.slice(0, -1).reduce((part, name) => part[name], changed);
    place[path.at(-1)] = buffers[i];
  });
  Object.assign(traits, changed);
  if (shown) hearers.change.forEach((act) => act());
  else begin();
}

function begin() {
  shown = true;
  find('wait').remove();
  const el = main.appendChild(document.createElement('div'));
  view.initialize({ model });
  view.render({ el });
  document.querySelectorAll('header [disabled]').forEach((node) => { node.disabled = false; });
}

const acts = {
  ready: () => tell({ begin: state() }),
  widget: hear,
  presets: (presets, _, { problem }) => {
    find('question').textContent = problem;
    find('preset').append(...Object.keys(presets).map((name) => new Option(name)));
    find('preset').onchange = ({ target }) => {
      if (!(target.value in presets)) return;
      find('question').textContent = presets[target.value];
      tell({ preset: target.value });
      remember();
    };
  },
  text: (text) => history.replaceState(null, '', `#${encodeURIComponent(text)}`),
};
python.onmessage = ({ data: { message, buffers } }) => {
  const [name] = Object.keys(message);
  acts[name](message[name], buffers, message);
};
python.onerror = (event) => { find('question').textContent = `Python did not start: ${event.message ?? 'its files could not be loaded'}`; };
window.addEventListener('hashchange', () => location.reload()); // another link was opened here
find('copy').onclick = async () => {
  await navigator.clipboard.writeText(location.href);
  find('question').textContent = 'Copied. Whoever opens the link sees this very view.';
};
