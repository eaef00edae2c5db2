// A slide that is higher than its page is made smaller, down to what can still be read; what is higher still scrolls.
const SIZES = [100, 95, 90, 85, 80, 75, 70, 65, 60];
function fit(section) {
  if (section.querySelector(':scope > section')) return;
  let box = section.querySelector(':scope > .fits');
  if (!box) {
    box = document.createElement('div');
    box.className = 'fits';
    box.append(...section.childNodes);
    section.append(box);
  }
  for (const size of SIZES) {
    box.style.zoom = size / 100;
    if (section.scrollHeight <= section.clientHeight) return;
  }
}
document.addEventListener('DOMContentLoaded', () => {
  const deck = new globalThis.Reveal({
    width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 4, center: false, hash: true, fragmentInURL: false, transition: 'none',
    slideNumber: 'c/t', navigationMode: 'linear', pdfSeparateFragments: false,
  });
  deck.on('slidechanged', ({ currentSlide }) => fit(currentSlide));
  deck.on('ready', ({ currentSlide }) => {
    fit(currentSlide);
    document.fonts.ready.then(() => fit(deck.getCurrentSlide())); // letters of formulas have their width
  });
  deck.initialize();
});
