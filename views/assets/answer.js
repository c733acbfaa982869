// Draws one answer: its sentences with their labels, then its sources. All text is set as text.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".answer");
  const words = data.words;

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined && text !== null) element.textContent = text;
    return element;
  }

  function makeLabel(label) {
    const button = make("button", "label", `[${label.number}]`);
    button.type = "button";
    button.title = label.title;
    button.setAttribute("aria-label", `${words.source} ${label.number}: ${label.title}`);
    button.onclick = () => setTriggerValue("opened", label.number);
    return button;
  }

  function addSentence(parent, sentence) {
    const line = make("p", `sentence ${sentence.kind}`);
    if (sentence.cells) {
      const cells = make("span", "cells");
      sentence.cells.forEach((cell) => cells.appendChild(make("span", "cell", cell)));
      line.appendChild(cells);
    } else {
      line.appendChild(make("span", sentence.changed ? "changed" : "quote", sentence.text));
    }
    line.appendChild(document.createTextNode(" "));
    sentence.labels.forEach((label) => line.appendChild(makeLabel(label)));
    parent.appendChild(line);
  }

  function addSource(list, source) {
    const item = make("li", "source");
    const line = make("span", "citation", `[${source.number}] ${source.line}`);
    const actions = make("span", "actions");
    const open = make("button", "action open", words.open);
    open.type = "button";
    open.onclick = () => setTriggerValue("opened", source.number);
    actions.append(open, makeCopyButton(source.copy, words));
    item.append(line, actions);
    if (source.quote) item.appendChild(make("blockquote", "proof", source.quote));
    list.appendChild(item);
  }

  function addWithheld(sentences) {
    const details = make("details", "withheld");
    details.appendChild(make("summary", "", data.withheld_title));
    const list = make("ul", "");
    sentences.forEach((sentence) => {
      const item = make("li", "");
      item.append(make("span", "refused", sentence.text), make("span", "reason", sentence.reason));
      list.appendChild(item);
    });
    details.appendChild(list);
    root.appendChild(details);
  }

  root.replaceChildren();
  if (data.status) root.appendChild(make("p", `status ${data.kind}`, data.status));
  data.groups.forEach((group) => {
    const section = make("section", "group");
    if (group.heading) section.appendChild(make("h4", "", group.heading));
    group.sentences.forEach((sentence) => addSentence(section, sentence));
    root.appendChild(section);
  });
  if (data.drafted) root.appendChild(make("p", "drafted", data.drafted));
  if (data.sources.length) {
    const details = make("details", "sources");
    details.open = data.sources.length <= 4;
    details.appendChild(make("summary", "", `${words.sources} (${data.sources.length})`));
    const list = make("ul", "");
    data.sources.forEach((source) => addSource(list, source));
    details.appendChild(list);
    root.appendChild(details);
  }
  if (data.nearest.length) {
    root.appendChild(make("h4", "", words.nearest));
    const list = make("ul", "nearest");
    data.nearest.forEach((passage) => {
      const item = make("li", "source");
      const line = make("span", "citation");
      line.append(make("strong", "", passage.title), document.createTextNode(" " + passage.excerpt));
      const open = make("button", "action open", words.open);
      open.type = "button";
      open.onclick = () => setTriggerValue("neared", passage.place);
      item.append(line, open);
      list.appendChild(item);
    });
    root.appendChild(list);
  }
  if (data.withheld.length) addWithheld(data.withheld);
  if (data.searched) root.appendChild(make("p", "searched", data.searched));
}
