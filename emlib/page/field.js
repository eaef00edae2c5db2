// A line of text that Enter sends, and nothing else does. It looks like the Text of ipywidgets.
function render({ model, el }) {
  const label = document.createElement('label'), field = document.createElement('input');
  const name = `emlib-${Math.random().toString(36).slice(2)}`;
  Object.assign(label, { className: 'widget-label', textContent: model.get('description'), htmlFor: name });
  Object.assign(field, { id: name, type: 'text', placeholder: model.get('placeholder'), autocomplete: 'off' });
  field.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.isComposing || !field.value.trim()) return;
    const position = el.closest('.emlib-widget').querySelector('.emlib-bar input'); // of which the kernel hears late
    model.send({ sent: field.value, frame: +position.value });
  };
  const taken = (message) => { if (message.taken === field.value) field.value = ''; }; // what is refused stays, to be mended
  model.on('msg:custom', taken);
  el.classList.add('widget-inline-hbox', 'widget-text');
  el.append(label, field);
  return () => model.off('msg:custom', taken);
}
export default { render };
