// The page's side of the lecture: the question, the answer, a clock, and the keys of a presenter's remote. "Next" steps the
// demo first, by what the demo itself says of its state, then shows the answer, and turns the slide afterwards.

const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const VALUED = 'input, select, textarea, [role=slider], [role=tab], [contenteditable=true]';
const PRESSED = 'button, a, select, summary, [role=button]';
const IMPATIENT = 4; // keys that are kept while a slide is on its way
const HELP = 'Next: PageDown or →   Back: PageUp or ←   Play: space   A answer   D data   M menu   F full screen   B black';

const base = () => (document.body.dataset.baseUrl ?? '/').replace(/voila\/$/, ''); // of the server

function render({ model, el }) {
  el.classList.add('lecture-speaker');
  const question = make('h1'), answer = make('p', { class: 'lecture-answer', role: 'status' });
  const clock = make('button', { class: 'lecture-clock', title: 'Set the clock: this slide begins now' });
  const ask = make('button', { title: 'Show or hide the answer (A)' });
  const menu_button = make('button', { title: 'Slides, notebooks (M)' }, 'Menu');
  const data_button = make('button', { title: 'Data of the class (D)' }, 'Data');
  const note = make('span', { class: 'lecture-note', role: 'alert' });
  const head = make('header', { class: 'lecture-head' }, question, answer);
  const foot = make('footer', { class: 'lecture-foot' }, note, clock, ask, data_button, menu_button);
  const menu = make('nav', { class: 'lecture-menu', hidden: '' });
  const black = make('div', { class: 'lecture-black', hidden: '' });
  const heads = field('heads', 'Heads of each sequence, typed or pasted: 6 5 4, or HHTHTTHHTH. Enter uses them.');
  const coins = field('coins', 'At the end: the coin of each, in the same order, as in 1 3 2 2. Enter reveals them.');
  const said = make('p', { role: 'status' });
  const data = make('section', { class: 'lecture-data', hidden: '' }, heads.label, coins.label, said);
  el.append(head, foot, menu, data, black);

  const slides = model.get('slides'), last = slides.length - 1;
  const queue = []; // of what was pressed while a slide was on its way
  let pulse = null, replaced; // the picture that stands until a coin has been added

  // What the demo says of itself.
  const demo = () => document.querySelector(`.lecture-demo > .lecture-${model.get('at')}`);
  const here = () => model.get('ready') === model.get('at') && demo()?.querySelector('.emlib-picture > img')?.src;
  const bar = () => {
    const found = demo().querySelector('.emlib-bar');
    return found.hidden ? null : found.querySelector('input[type=range]');
  };
  const image = () => demo().querySelector('.emlib-picture > img').src;
  const busy = () => demo().querySelector('.emlib-picture').getAttribute('aria-busy') === 'true' || image() === replaced;
  const playing = () => demo().querySelector('.emlib-play .fa-pause');
  const adder = () => demo().querySelector('button:has(.fa-plus)');
  const press = (key) => { // whether the demo has heard it, which it does from a moment after it has come into the page
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    event.ours = true;
    return !demo().querySelector('.emlib-picture').dispatchEvent(event);
  };

  // The lecture's moves. Each returns whether it must be tried again.
  function next(whole) {
    begin();
    const run = bar(), more = adder();
    if (whole || opened()) return turn(1);
    if (run && playing()) return !press('End');
    if (run && +run.value < +run.max) return !press('PageDown');
    if (more && !more.disabled) {
      replaced = image();
      return more.click();
    }
    return open(true);
  }
  function back(whole) {
    const run = bar();
    if (whole) return turn(-1);
    if (opened()) return open(false);
    return run && +run.value > 0 ? !press('PageUp') : turn(-1);
  }
  const opened = () => model.get('opened').includes(model.get('at'));
  function open(shown) {
    const at = model.get('at'), others = model.get('opened').filter((number) => number !== at);
    model.set('opened', shown ? [...others, at] : others);
    model.save_changes();
    draw();
  }
  const turn = (by) => go(model.get('at') + by);
  function go(to) {
    if (to < 0 || to > last || to === model.get('at')) return;
    if (bar() && playing()) press(' ');
    model.set('at', to);
    model.save_changes();
    draw();
  }
  function begin(when) {
    if (model.get('began') && !when) return;
    model.set('began', when ?? Date.now());
    model.save_changes();
  }
  function show(panel, shown = panel.hidden) {
    for (const other of [menu, data, black]) other.hidden = true;
    panel.hidden = !shown;
    if (shown && panel === data) { heads.area.focus(); heads.area.select(); }
    if (shown && panel === menu) panel.querySelector('[aria-current]')?.focus();
    if (!shown) document.activeElement?.blur?.();
  }
  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }
  function soon(act) { // in the order in which it was pressed; who is impatient shall not land three slides further on
    if (queue.length < IMPATIENT) queue.push(act);
    work();
  }
  function work() {
    clearTimeout(pulse);
    while (queue.length && here() && !busy()) {
      const act = queue.shift();
      if (act()) { queue.unshift(act); break; }
    }
    if (queue.length) pulse = setTimeout(work, 30);
    head.setAttribute('aria-busy', queue.length > 0);
  }

  // Keys. Those on a slider or a button belong to it, but for PageDown and PageUp.
  function hear(event) {
    if (event.ours || event.ctrlKey || event.altKey || event.metaKey) return;
    const { target, key, shiftKey } = event, valued = target.closest?.(VALUED), pressed = target.closest?.(PRESSED);
    const panel = [menu, data, black].find((one) => !one.hidden);
    const moves = { PageDown: () => next(shiftKey), PageUp: () => back(shiftKey) };
    const act = moves[key] && !panel ? () => soon(moves[key])
      : key === 'Escape' || (panel && moves[key]) ? () => panel && show(panel, false)
        : key === 'F5' ? () => soon(play)
          : valued ? null
            : {
              ArrowRight: () => soon(moves.PageDown), ArrowLeft: () => soon(moves.PageUp),
              a: () => soon(() => open(!opened())), d: () => show(data), m: () => show(menu), f: full,
              b: () => show(black), '.': () => show(black), ' ': pressed ? null : () => soon(play),
            }[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }
  function play() {
    begin();
    return bar() && !press(' ');
  }

  // The class's data: a line of text has no room for a column that is pasted, so it is an area.
  function field(name, title) {
    const area = make('textarea', { rows: 2, spellcheck: 'false', 'aria-label': title });
    area.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey) return;
      event.preventDefault();
      const typed = { heads: heads.area.value, coins: coins.area.value };
      said.textContent = 'Reading ...';
      if (JSON.stringify(typed) === JSON.stringify(model.get('typed'))) tell();
      model.set({ typed, wrong: '' });
      model.save_changes();
    };
    return { area, label: make('label', {}, title, area) };
  }
  function tell() {
    const wrong = model.get('wrong'), fine = model.get('said');
    said.textContent = wrong || (fine ? `Every demo now runs on ${fine}. Esc closes this.` : 'Each demo runs on data of its own.');
    said.classList.toggle('lecture-wrong', !!wrong);
    note.textContent = data.hidden ? wrong : '';
  }
  function filled() {
    for (const [name, { area }] of Object.entries({ heads, coins })) area.value = model.get('typed')[name];
  }

  function draw() {
    const at = model.get('at'), slide = slides[at], shown = opened();
    question.textContent = slide.question;
    answer.textContent = shown && model.get('ready') === at ? model.get('answer') : '';
    ask.textContent = shown ? 'Hide' : 'Answer';
    tick();
    tell();
    for (const [number, item] of [...menu.querySelectorAll('.lecture-slides button')].entries()) {
      item.toggleAttribute('aria-current', number === at);
    }
    work();
  }
  function tick() {
    const at = model.get('at'), began = model.get('began'), { ends } = slides[at];
    const now = began ? Math.floor((Date.now() - began) / 60000) : 0;
    const late = now > ends ? `, ${now - ends} over` : '';
    clock.textContent = `${at + 1} of ${last + 1} · minute ${now} of ${model.get('length')}, this until ${ends}${late}`;
  }
  function list() {
    const items = slides.map(({ title, begins, ends }, number) => {
      const button = make('button', {}, `${number + 1} · ${title}`, make('small', {}, ` ${begins} to ${ends}`));
      button.onclick = () => { show(menu, false); soon(() => go(number)); };
      return make('li', {}, button);
    });
    const ways = model.get('notebooks').map(([name, address]) => make('li', {}, make('a', { href: base() + address, target: 'notebook' }, name)));
    menu.append(
      make('div', { class: 'lecture-slides' }, make('h2', {}, 'The lecture'), make('ol', {}, ...items)),
      make('div', {}, make('h2', {}, 'Notebooks'), make('ul', {}, ...ways)),
      make('p', {}, HELP),
    );
  }

  ask.onclick = () => { soon(() => open(!opened())); ask.blur(); };
  clock.onclick = () => { begin(Date.now() - 60000 * slides[model.get('at')].begins); clock.blur(); };
  menu_button.onclick = () => show(menu);
  data_button.onclick = () => show(data);
  // Voila ends the kernel with its page, but is heard only with a cookie that a page of JupyterLab brings.
  if (document.body.dataset.voila) fetch(`${base()}lab`);
  list();
  filled();
  draw();
  model.on('change', draw);
  const minute = setInterval(tick, 5000);
  window.addEventListener('keydown', hear, true); // before the demos, which listen on the window, too
  return () => {
    model.off('change', draw);
    clearInterval(minute);
    clearTimeout(pulse);
    window.removeEventListener('keydown', hear, true);
  };
}
export default { render };
