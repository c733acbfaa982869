// Holds the page at its top while it is opened.
const held = new WeakSet();
export default function (component) {
  const { main } = findScroller(component.parentElement);
  if (!main || held.has(main)) return undefined;
  held.add(main);
  return holdPlace(main, () => { if (main.scrollTop) main.scrollTop = 0; });
}
