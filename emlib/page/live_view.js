// The view of a live picture: the kernel draws; the page shows the moments of a run, plays them by its own clock, and
// is touched. It asks for the moments that it needs next. Of the reader's moves one is under way at a time; of those that
// come meanwhile the latest of each thing that is moved waits for its answer.

const AHEAD = 60, BEHIND = 10, HELD = 160, BATCH = 2; // moments wanted after and before the present one; held; in one answer
const REST = 250; // ms without a change, after which the kernel hears where the page is
const PATIENCE = 5000; // ms until a kernel is said not to answer
const SPEEDS = { slow: 800, normal: 300, fast: 50 }; // ms a moment
const READ = 300; // ms that words need to be read
const STEPS = 100; // from 0 to 1
const VALUED = 'input, select, textarea, [role=slider], [role=tab], [contenteditable=true]';

const make = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  set(node, attributes);
  node.append(...children);
  return node;
};
const set = (node, attributes) => { // writes nothing that is there already, so that no observer is woken
  for (const [name, value] of Object.entries(attributes)) {
    if (node && node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
};
const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const home = (node) => node.closest('.emlib-widget') ?? document.documentElement; // a page saved has nothing else
const between = (low, value, high) => Math.min(Math.max(value, low), high);

// What all views of one picture share; anywidget calls this once for each.
export default () => {
  const views = new Set(), moments = new Map(); // a moment: url, words, handles
  const page = Math.random().toString(36).slice(2);
  let model, heard, run, frame = 0, last = 0, problem = '', asked = false, resting, late;
  let timer = null, interval = SPEEDS.normal, loop = false;
  let sent = 0, waiting = null;
  const wanted = new Map(), queue = []; // the latest place of each thing that was moved meanwhile; what was pressed

  // A sentence of ours in the reader's language, as far as the kernel has told it.
  const tr = (sentence, fields = {}) => {
    const said = model.get('sentences')[sentence] ?? sentence;
    return said.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
  };
  const silent = () => { problem = tr('The kernel does not answer: it is busy, or it has gone; then run the cell again.'); };
  const show = () => { for (const view of views) view(); };
  function tell(message) {
    try { model.send({ ...message, run }); } catch { silent(); pause(); show(); }
  }

  // What comes from the kernel.
  function hear() {
    const shown = model.get('shown');
    if (shown !== heard && 'run' in shown) { // the kernel makes a view before there is anything to show
      heard = shown;
      if (shown.run !== run) {
        pause();
        for (const key of moments.keys()) drop(key);
        asked = false;
      }
      ({ run, frame, last } = shown);
      keep(frame, shown.png, shown);
      rest();
    }
    if (waiting && model.get('answers') === waiting) {
      clearTimeout(late);
      waiting = null;
      problem = '';
      post();
      while (queue.length && !waiting) queue.shift()();
    }
    show();
  }
  function receive(message, buffers) {
    if (message.copy) navigator.clipboard?.writeText(message.copy); // where the page may not, it stands there to be copied
    if (message.run !== run) return;
    message.moments.forEach((moment, i) => keep(message.first + i, buffers[i], moment));
    show();
    if (message.sharp) return; // which nobody asked for: an answer may be under way yet
    asked = false;
    pull();
  }
  function keep(number, png, { words, handles, areas }) {
    drop(number);
    moments.set(number, { url: URL.createObjectURL(new Blob([png], { type: 'image/png' })), words, handles, areas });
    if (moments.size > HELD) {
      const far = [...moments.keys()].sort((a, b) => Math.abs(b - frame) - Math.abs(a - frame));
      far.slice(0, moments.size - HELD).forEach(drop);
    }
  }
  function drop(number) {
    const { url } = moments.get(number) ?? {};
    if (url) setTimeout(() => URL.revokeObjectURL(url), 1000); // it may be on its way to the screen
    moments.delete(number);
  }

  // What goes there.
  function pull() {
    if (asked || waiting || wanted.size) return;
    for (let step = 0; step <= AHEAD; step++) {
      for (const number of [frame + step, frame - step]) {
        if (number < Math.max(0, frame - BEHIND) || number > last || moments.has(number)) continue;
        const first = number < frame ? Math.max(0, number - BATCH + 1) : number;
        asked = true;
        tell({ ask: [first, Math.min(first + BATCH, last + 1)] });
        return;
      }
    }
  }
  function rest() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (timer || waiting) return;
      if ([...views].some((view) => view.held())) return; // its release is a rest
      tell({ rest: frame, sharp: [...views].some((view) => view.wide()) });
      pull();
    }, REST);
  }
  function move(name, value) {
    pause();
    wanted.delete(name); // it goes to the end: moves are told in the order in which they ended
    wanted.set(name, value);
    post();
  }
  function post() {
    if (waiting || !wanted.size) return;
    const [[name, value]] = wanted;
    wanted.delete(name);
    waiting = `${page} ${++sent}`;
    late = setTimeout(() => { silent(); show(); }, PATIENCE);
    tell({ move: name, value, frame, number: waiting });
    show();
  }

  // The run and its clock. What is pressed while a move is under way is done when its answer has come.
  const soon = (act) => { if (waiting) queue.push(act); else act(); };
  function go(to) {
    frame = between(0, to, last);
    show();
    pull();
    rest();
  }
  function tick() {
    const next = frame < last ? frame + 1 : loop ? 0 : null;
    if (next === null) pause();
    else if (moments.has(next)) go(next);
    else pull();
  }
  function play() {
    if (frame >= last) frame = 0;
    timer = setInterval(tick, interval);
    go(frame);
  }
  function pause() {
    if (!timer) return;
    clearInterval(timer);
    timer = null;
    rest();
    show();
  }
  const step = (by) => soon(() => { pause(); go(frame + by); });
  const toggle = () => soon(() => { if (timer) pause(); else play(); });

  const zoomed = matchMedia('(min-resolution: 1.1dppx)'); // the same picture then covers more pixels
  function initialize(given) {
    model = given.model;
    model.on('change', hear);
    model.on('msg:custom', receive);
    zoomed.addEventListener('change', rest);
    window.addEventListener('resize', rest);
    hear();
    return () => {
      zoomed.removeEventListener('change', rest);
      window.removeEventListener('resize', rest);
      model.off('change', hear);
      model.off('msg:custom', receive);
      clearInterval(timer);
      clearTimeout(resting);
      clearTimeout(late);
      for (const key of moments.keys()) drop(key);
    };
  }

  function render({ el }) {
    const image = make('img', { alt: '', draggable: false });
    const picture = make('div', { class: 'emlib-picture', tabindex: 0, role: 'group' }, image);
    const words = make('span', { role: 'status' }), alert = make('span', { role: 'alert', class: 'emlib-alert' });
    const hint = make('span', { class: 'emlib-hint' });
    const button = (icon, name, title, act) => {
      const node = make('button', { class: 'jupyter-button', title }, make('i', { class: `fa fa-${icon}` }), ` ${name}`);
      node.onclick = act;
      return node;
    };
    const play_button = button('play', tr('Play'), tr('Play or pause'), toggle);
    play_button.classList.add('emlib-play');
    const position = make('input', { type: 'range', min: 0, 'aria-label': tr(model.get('unit')) });
    position.oninput = () => { const to = +position.value; soon(() => { pause(); go(to); }); };
    const speeds = { slow: tr('slow'), normal: tr('normal'), fast: tr('fast') };
    const speed = make('select', { class: 'emlib-speed', 'aria-label': tr('speed') }, ...Object.keys(SPEEDS).map((name) => make('option', { value: name }, speeds[name])));
    speed.onchange = () => { interval = SPEEDS[speed.value]; if (timer) { pause(); play(); } else show(); };
    const again = button('repeat', '', tr('Loop'), () => { loop = !loop; show(); });
    again.classList.add('emlib-loop');
    const full = button('expand', '', tr('Full screen'), () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else home(el).requestFullscreen();
      focus(); // so that the space bar plays, and does not press this again
    });
    const actions = make('span', { class: 'emlib-actions' });
    const bar = make('div', { class: 'emlib-bar' },
      play_button,
      button('step-backward', tr('Back'), tr(`Back one ${model.get('unit')}`), () => step(-1)),
      button('step-forward', tr('Step'), tr(`On one ${model.get('unit')}`), () => step(1)),
      position, speed, again);
    const run_parts = [...bar.children]; // of no use where there is nothing but a question and its answer
    position.before(actions);
    el.classList.add('emlib-live');
    el.append(picture, make('div', { class: 'emlib-words' }, words, alert), bar);
    (model.get('bar') ? bar : el.querySelector('.emlib-words')).append(full, hint);

    // Handles: a slider of the page each, over the picture.
    const handles = new Map();
    const told = (node, value) => (node.handle.steps ? Math.round(value * node.handle.steps) : value);
    function put(node, value) {
      const { low, high, limits, along } = node.handle, name = node.handle.words ?? node.handle.name;
      node.value = value;
      ['left', 'top'].forEach((side, i) => { node.style[side] = `${100 * (low[i] + value[i] * (high[i] - low[i]))}%`; });
      const moving = value.filter((_, i) => along.includes('xy'[i])), [least, most, now] = [...limits, moving.at(-1)].map((v) => told(node, v));
      set(node, {
        'aria-label': name, 'aria-valuemin': least, 'aria-valuemax': most, 'aria-valuenow': +now.toFixed(4),
        'aria-valuetext': node.handle.steps ? now : moving.map((v) => v.toFixed(2)).join(', '), title: tr('{name}: drag it, or use the arrow keys', { name }),
        'aria-orientation': along === 'y' ? 'vertical' : 'horizontal',
      });
      node.style.zIndex = Math.round(50 + (moving[0] > 0.5 ? -1 : 1) * node.order); // of several at an end, the one that can move
    }
    function change(node, value) {
      const { name, limits, along } = node.handle, steps = node.handle.steps || STEPS;
      const next = value.map((v, i) => (along.includes('xy'[i]) ? between(limits[0], Math.round(v * steps) / steps, limits[1]) : 0));
      if (next.every((v, i) => Math.abs(v - node.value[i]) < 1e-9)) return;
      put(node, next);
      move(name, next.map((v) => told(node, v)));
    }
    function under(node, event) { // the value at the pointer
      const box = image.getBoundingClientRect(), { low, high, along } = node.handle;
      const shares = [(event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height];
      return shares.map((share, i) => (along.includes('xy'[i]) ? (share - low[i]) / (high[i] - low[i]) : 0));
    }
    function nearest(event, hit) { // handles overlap
      const away = (node) => {
        const box = node.getBoundingClientRect();
        return Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
      };
      return [...handles.values()].reduce((best, node) => (away(node) < away(best) - 2 ? node : best), hit);
    }
    function grip() {
      const node = make('div', { role: 'slider', tabindex: 0 });
      let offset = null;
      node.grab = (event) => {
        node.setPointerCapture(event.pointerId);
        node.focus({ preventScroll: true });
        offset = under(node, event).map((v, i) => node.value[i] - v); // else it would jump under the finger
      };
      node.onpointerdown = (event) => {
        if (event.button) return;
        nearest(event, node).grab(event);
        event.preventDefault();
      };
      node.onpointermove = (event) => { if (offset) change(node, under(node, event).map((v, i) => v + offset[i])); };
      node.onlostpointercapture = node.onpointercancel = () => { offset = null; draw(); rest(); };
      node.held = () => offset !== null;
      node.onkeydown = (event) => {
        const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        const end = { Home: 0, End: 1 }[event.key];
        if ((!by && end === undefined) || event.ctrlKey || event.altKey || event.metaKey) return;
        const { along, limits, group } = node.handle, size = (event.shiftKey ? 10 : 1) / (node.handle.steps || STEPS);
        event.preventDefault();
        event.stopPropagation();
        if (group && by?.[0]) {
          const others = [...handles.values()].filter((other) => other.handle.group === group);
          others[between(0, others.indexOf(node) + by[0], others.length - 1)].focus({ preventScroll: true });
          return;
        }
        const ways = along.length === 2 ? by : [by?.[0] + by?.[1], by?.[0] + by?.[1]]; // a line has but one way
        change(node, node.value.map((v, i) => (by ? v + size * ways[i] : limits[end])));
      };
      node.onfocus = () => stop(node);
      return node;
    }
    function stop(node) { // of the handles of a group, Tab reaches the one that was used last
      const { group } = node.handle;
      for (const other of handles.values()) if (group && other.handle.group === group) other.tabIndex = other === node ? 0 : -1;
    }
    function place(list) {
      const gone = [...handles.keys()].filter((name) => !list.some((handle) => handle.name === name));
      for (const name of gone) { handles.get(name).remove(); handles.delete(name); }
      const more = list.filter((handle) => !handles.has(handle.name));
      for (const handle of more) handles.set(handle.name, grip());
      if (more.length) list.forEach((handle) => picture.append(handles.get(handle.name))); // Tab reaches them in order
      list.forEach((handle, order) => {
        const node = handles.get(handle.name);
        Object.assign(node, { handle, order, className: `emlib-handle emlib-${handle.look}` });
        node.style.setProperty('--colour', handle.colour);
        const ahead = node.held() || wanted.has(handle.name) || (waiting && node === document.activeElement); // of the kernel
        put(node, ahead && node.value ? node.value : handle.value);
      });
      if (more.length || gone.length) [...handles.values()].reverse().forEach(stop);
    }

    // Areas: a bar says its posterior; in a panel of the run a click goes to that iteration; others are pressed or drawn on.
    const areas = [], focus = () => picture.focus({ preventScroll: true }); // so that the keys mean this picture
    function outline(list) {
      while (areas.length > list.length) areas.pop().remove();
      list.forEach(({ low, high, words: text, use }, i) => {
        if (!areas[i]) {
          areas[i] = make('div', { class: 'emlib-area' });
          image.after(areas[i]); // under the handles
        }
        const node = areas[i], [left, right] = [low[0], high[0]], [top, bottom] = [high[1], low[1]];
        const sides = { left, top, width: right - left, height: bottom - top };
        for (const [side, share] of Object.entries(sides)) node.style[side] = `${100 * share}%`;
        node.className = `emlib-area emlib-to-${use}`;
        set(node, use === 'press' ? { title: text, role: 'button', 'aria-label': text } : { title: use === 'read' ? text : '' });
        if (use !== 'press') ['role', 'aria-label'].forEach((name) => node.removeAttribute(name));
        node.onclick = use === 'press' ? () => { focus(); soon(() => move(text, null)); } : null;
        const held = { time: (x) => { pause(); go(2 * Math.round(x * last / 2)); }, draw: (x, y) => move(text, [x, y]) }[use];
        node.onpointerdown = node.onpointermove = held && ((event) => {
          if (!(event.buttons & 1)) return;
          node.setPointerCapture(event.pointerId);
          focus();
          const box = image.getBoundingClientRect();
          const shares = [((event.clientX - box.x) / box.width - left) / (right - left), (bottom - (event.clientY - box.y) / box.height) / (bottom - top)];
          held(...shares.map((share) => between(0, share, 1)));
          event.preventDefault();
        });
      });
    }

    function draw() {
      const now = moments.get(frame);
      if (now) {
        if (image.src !== now.url) image.src = now.url;
        set(image, { alt: now.words });
        place(now.handles);
        if (!timer) outline(now.areas);
        set(position, { 'aria-valuetext': now.words });
        if (!timer || interval >= READ) say(words, now.words);
      }
      const wrong = problem || model.get('alert');
      say(alert, wrong);
      words.hidden = !!wrong;
      say(hint, wrong ? '' : model.get('hint'));
      const touched = handles.size || now?.areas.some(({ use }) => ['press', 'draw'].includes(use));
      hint.style.visibility = touched ? '' : 'hidden'; // it keeps its place
      bar.hidden = !model.get('bar');
      for (const part of run_parts) part.hidden = last < 2;
      position.max = last;
      position.value = frame;
      speed.value = Object.keys(SPEEDS).find((name) => SPEEDS[name] === interval);
      set(again, { 'aria-pressed': loop, 'aria-label': tr('Loop') });
      set(full, { 'aria-label': tr('Full screen') });
      set(play_button.firstChild, { class: `fa fa-${timer ? 'pause' : 'play'}` });
      say(play_button.lastChild, ` ${timer ? tr('Pause') : tr('Play')}`);
      set(picture, { 'aria-busy': !!waiting, 'aria-label': model.get('bar') ? tr('picture; space plays, arrow keys step') : tr('picture') });
      el.style.setProperty('--width', `${model.get('width')}px`);
      const named = JSON.stringify(model.get('actions'));
      if (actions.dataset.named !== named) {
        actions.dataset.named = named;
        actions.replaceChildren(...model.get('actions').map(([name, icon, title, said = name]) => button(icon, said, title, () => soon(() => move(name, null)))));
      }
    }
    image.onload = () => { el.style.setProperty('--ratio', image.naturalWidth / image.naturalHeight); draw(); };
    const size = new ResizeObserver(() => el.style.setProperty('--grip', Math.max(1, image.clientWidth / model.get('width')))); // in full screen all is larger
    size.observe(image);
    draw.held = () => [...handles.values()].some((node) => node.held());
    draw.wide = () => image.clientWidth * devicePixelRatio > 1.1 * model.get('width');

    const widget = new ResizeObserver(() => { // it has a size when it has come into the page
      const root = home(el);
      widget.disconnect();
      set(root, { lang: model.get('language') });
      left.push(keys(root), names(root));
      fit();
    });
    const left = [() => widget.disconnect(), () => size.disconnect(), () => views.delete(draw)];
    widget.observe(el);
    const fit = () => home(el).style.setProperty('--zoom', Math.max(1.4, 0.031 * innerHeight / 13)); // of a projector's controls
    window.addEventListener('resize', fit);
    document.addEventListener('fullscreenchange', fit); // without a resize where the window filled the screen before
    left.push(() => { window.removeEventListener('resize', fit); document.removeEventListener('fullscreenchange', fit); });
    views.add(draw);
    draw();
    return () => left.forEach((undo) => undo());
  }

  // A presenter's remote works anywhere in a widget. Lab must not hear what is typed here: x would cut the cell.
  function keys(root) {
    const claim = (event) => {
      const modified = event.ctrlKey || event.altKey || event.metaKey;
      if (home(event.target) !== root) return;
      event.target.toggleAttribute('data-lm-suppress-shortcuts', !modified);
      const table = root.querySelector('.emlib-actions button:has(.fa-table)'); // which shows all that is hidden in it
      const forth = root.querySelector('.emlib-next'); // the button that goes on where there is no run
      if (modified || !(model.get('bar') || forth)) return;
      const typing = event.target.matches('input:not([type=range]):not([type=checkbox]), textarea, [contenteditable=true]')
        && !/^Page(Up|Down)$/.test(event.key); // which mean nothing in a line of text
      const pressing = event.target.closest('button, select, input, summary, [role=button], [role=tab]');
      const act = !model.get('bar') ? { PageDown: () => forth.click(), PageUp: () => {} }[event.key] : {
        PageDown: () => { if (event.shiftKey && table) table.click(); else step(1); }, PageUp: () => step(-1), ' ': pressing ? null : toggle,
        ...(event.target.closest(VALUED) ? {} : {
          ArrowRight: () => step(1), ArrowDown: () => step(1), ArrowLeft: () => step(-1), ArrowUp: () => step(-1),
          Home: () => step(-last), End: () => step(last),
        }),
      }[event.key];
      if (!act || typing) return;
      act();
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', claim, true); // before Lab, which listens on the document
    return () => window.removeEventListener('keydown', claim, true);
  }

  return { initialize, render };
};

// What ipywidgets leave out: names for the handles of sliders, and headers of accordions that the keyboard reaches.
function names(root) {
  const name = () => {
    for (const slider of root.querySelectorAll('.widget-slider')) {
      const label = slider.querySelector('.widget-label').textContent;
      set(slider.querySelector('.noUi-handle'), { 'aria-label': label });
      set(slider.querySelector('.widget-readout'), { 'aria-label': label, role: 'textbox' });
    }
    for (const more of root.querySelectorAll('.jupyter-widget-Collapse-header')) {
      const open = more.parentNode.classList.contains('jupyter-widget-Collapse-open');
      set(more, { tabindex: 0, role: 'button', 'aria-expanded': open });
      more.onkeydown = (event) => {
        if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); more.click(); }
      };
    }
  };
  name();
  let late = null; // names can wait
  const changes = new MutationObserver(() => { late ??= setTimeout(() => { late = null; name(); }, 200); });
  changes.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  return () => { changes.disconnect(); clearTimeout(late); };
}
