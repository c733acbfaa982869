// Shows a notice's text with one span marked and in view. All text is set as text.
export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".viewer");
  root.replaceChildren();
  root.classList.toggle("compact", data.compact);
  const scroll = make("div", "text", "");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "document");
  if (data.cut_before) scroll.appendChild(make("p", "cut", data.words.cut_before));
  scroll.append(data.before);
  const mark = make("mark", "", data.quote);
  if (data.quote) scroll.appendChild(mark);
  scroll.append(data.after);
  if (data.cut_after) scroll.appendChild(make("p", "cut", data.words.cut_after));
  if (data.copy) {
    const bar = make("div", "bar", "");
    bar.append(make("span", "citation", data.citation), makeCopyButton(data.words.copy, data.words, data.copy, data.html), makeCopyButton(data.words.copy_link, data.words, data.link));
    root.appendChild(bar);
  }
  if (data.difference.length) {
    const line = make("p", "difference", "");
    line.setAttribute("role", "note");
    addMarked(line, data.difference);
    root.appendChild(line);
  }
  root.appendChild(scroll);
  const show = () => {
    if (!data.quote) return;
    const above = mark.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
    scroll.scrollTop += above - Math.max(12, (scroll.clientHeight - mark.offsetHeight) / 3);
  };
  // A drawer that slides in has no size yet: show it again when it has one.
  const watcher = new ResizeObserver(show);
  watcher.observe(scroll);
  requestAnimationFrame(show);
  const settled = setTimeout(() => watcher.disconnect(), 1500);
  const leave = leadTab(root);
  return () => { clearTimeout(settled); watcher.disconnect(); leave(); };
}
