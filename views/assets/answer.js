// Draws one answer: what must be known, its sentences with their labels, its sources. All text is set as text.
const placed = new WeakSet();
// Streamlit's bar lies over the first pixels of the page.
const HEADER = 68;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".answer");
  // Before there is an answer the place is kept empty.
  if (!data || !data.words) { root.replaceChildren(); placed.delete(root); return undefined; }
  const words = data.words;

  function makeButton(className, text, trigger, value) {
    const button = make("button", className, text);
    button.type = "button";
    button.onclick = () => { giveBackFocus(root, button); setTriggerValue(trigger, value); };
    return button;
  }

  function makeLabel(label) {
    const button = makeButton("label", `[${label.number}]`, "opened", label.number);
    button.title = label.title;
    button.setAttribute("aria-label", `${words.source} ${label.number}: ${label.title}`);
    return button;
  }

  function addLabels(parent, labels) {
    labels.forEach((label) => {
      parent.append(" ", makeLabel(label));
      if (label.replaced) parent.append(" ", make("span", "replaced", words.replaced_since));
    });
  }

  function addPieces(parent, pieces) {
    pieces.forEach((piece) => parent.append(piece.strong ? make("strong", "", piece.text) : piece.text));
    return parent;
  }

  function addCaveats(parent, caveats) {
    caveats.forEach((caveat) => {
      const note = make("p", `caveat ${caveat.kind}`);
      note.setAttribute("role", "note");
      const sign = make("span", "sign", "⚠");
      sign.setAttribute("aria-hidden", "true");
      const said = make("span", "said");
      caveat.pieces.forEach((piece) => said.append(piece.number ? makeLabel(piece) : piece.text));
      note.append(sign, said);
      parent.appendChild(note);
    });
  }

  function fillSentence(line, sentence) {
    const quote = make("span", sentence.changed ? "changed" : "quote", sentence.changed);
    line.appendChild(addPieces(quote, sentence.pieces));
    addLabels(line, sentence.labels);
  }

  function addSentences(section, sentences) {
    sentences.forEach((sentence) => {
      const line = make("p", `sentence ${sentence.kind}`);
      fillSentence(line, sentence);
      section.appendChild(line);
      addCaveats(section, sentence.caveats);
    });
  }

  function addPoints(section, points) {
    const list = make("ul", "points");
    points.forEach((point) => {
      const item = make("li", `sentence point${point.numbered ? " numbered" : ""}`);
      fillSentence(item, point);
      addCaveats(item, point.caveats);
      list.appendChild(item);
    });
    section.appendChild(list);
  }

  function makeRow(row, tag, columns) {
    const line = make("tr", "sentence row");
    row.cells.forEach((pieces) => {
      const cell = addPieces(make(tag, "cell"), pieces);
      if (tag === "th") cell.scope = "col";
      line.appendChild(cell);
    });
    if (row.changed) {
      const cell = make("td", "changed", row.changed);
      cell.colSpan = columns;
      line.appendChild(cell);
    }
    const last = make("td", "labels");
    addLabels(last, row.labels);
    line.appendChild(last);
    return line;
  }

  function addTable(section, block) {
    const rows = block.head ? [block.head, ...block.sentences] : block.sentences;
    const columns = Math.max(1, ...rows.map((row) => row.cells.length));
    const frame = make("div", "frame");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", words.table);
    const table = make("table", "");
    if (block.head) {
      const head = make("thead", "");
      head.appendChild(makeRow(block.head, "th", columns));
      table.appendChild(head);
    }
    const body = make("tbody", "");
    block.sentences.forEach((row) => body.appendChild(makeRow(row, "td", columns)));
    table.appendChild(body);
    frame.appendChild(table);
    section.appendChild(frame);
    rows.forEach((row) => addCaveats(section, row.caveats));
  }

  function addGroup(group) {
    const section = make("section", group.heading ? "group" : "group flow");
    if (group.heading) section.appendChild(make("h4", "", group.heading));
    // Above a drafted text nothing is put in when it ends: it was read while it was drafted.
    if (group.heading) addCaveats(section, group.caveats);
    group.blocks.forEach((block) => {
      if (block.kind === "table") addTable(section, block);
      else if (block.kind === "points") addPoints(section, block.sentences);
      else addSentences(section, block.sentences);
    });
    if (!group.heading) addCaveats(section, group.caveats);
    root.appendChild(section);
  }

  function addSource(parent, source) {
    const notice = make("li", "notice");
    const line = make("p", "line", source.line);
    if (source.replaced) line.append(" ", make("span", "replaced", words.replaced_since));
    notice.appendChild(line);
    const list = make("ul", "");
    source.citations.forEach((citation) => {
      const item = make("li", "source");
      const about = make("span", "citation");
      about.append(makeLabel(citation));
      if (citation.place) about.append(" ", make("span", "place", citation.place));
      if (citation.excerpt) about.append(" ", make("span", "excerpt", citation.excerpt));
      const actions = make("span", "actions");
      actions.append(makeButton("action open", words.open, "opened", citation.number), makeCopyButton(words.copy, words, citation.copy, citation.html));
      item.append(about, actions);
      if (citation.quote) item.appendChild(make("blockquote", "proof", citation.quote));
      list.appendChild(item);
    });
    notice.appendChild(list);
    parent.appendChild(notice);
  }

  function addSources(sources) {
    const count = sources.reduce((sum, source) => sum + source.citations.length, 0);
    const details = make("details", "sources");
    details.open = sources.length <= 4;
    details.appendChild(make("summary", "", `${words.sources} (${count})`));
    const list = make("ul", "notices");
    sources.forEach((source) => addSource(list, source));
    details.appendChild(list);
    root.appendChild(details);
  }

  function addNearest(passages) {
    root.appendChild(make("h4", "", words.nearest));
    const list = make("ul", "nearest");
    passages.forEach((passage) => {
      const item = make("li", "source");
      const line = make("span", "passage");
      line.append(make("strong", "", passage.title), make("span", "words", passage.excerpt));
      item.append(line, makeButton("action open", words.open, "neared", passage.place));
      list.appendChild(item);
    });
    root.appendChild(list);
  }

  function addWithheld(sentences) {
    const details = make("details", "withheld");
    details.appendChild(make("summary", "", data.withheld_title));
    const list = make("ul", "");
    sentences.forEach((sentence, place) => {
      const item = make("li", "");
      item.append(make("span", "refused", sentence.text), make("span", "reason", sentence.reason));
      if (sentence.has_nearest) item.appendChild(makeButton("action open", words.open_nearest, "compared", place));
      list.appendChild(item);
    });
    details.appendChild(list);
    root.appendChild(details);
  }

  // What is taken away: the answer with its citations, the bibliography.
  function addCopies(copies) {
    const bar = make("div", "copies");
    copies.forEach((copy) => bar.appendChild(makeCopyButton(copy.label, words, copy.text, copy.html)));
    root.appendChild(bar);
  }

  root.replaceChildren();
  root.dataset.style = data.style;
  if (data.status) {
    const box = make("div", `verdict ${data.kind}`);
    box.appendChild(make("p", `status ${data.kind}`, data.status));
    if (data.advice) box.appendChild(make("p", "advice", data.advice));
    root.appendChild(box);
  }
  addCaveats(root, data.caveats);
  data.groups.forEach(addGroup);
  if (data.drafted) root.appendChild(make("p", "drafted", data.drafted));
  if (data.sources.length) addSources(data.sources);
  if (data.nearest.length) addNearest(data.nearest);
  if (data.withheld.length) addWithheld(data.withheld);
  if (data.searched) root.appendChild(make("p", "searched", data.searched));
  if (data.copies.length) addCopies(data.copies);

  // A new answer is read from its question down.
  const { host, main } = findScroller(root);
  if (!data.is_last || !main || placed.has(root)) return undefined;
  placed.add(root);
  const message = host.closest('[data-testid="stChatMessage"]');
  const messages = Array.from(main.querySelectorAll('[data-testid="stChatMessage"]'));
  const question = messages[messages.indexOf(message) - 1];
  if (!question) return undefined;
  return holdPlace(main, () => {
    const above = question.getBoundingClientRect().top - main.getBoundingClientRect().top;
    if (Math.abs(above - HEADER) > 2) main.scrollTop += above - HEADER;
  });
}
