// Draws requirements under their notices, or what changed between two years. All text is set as text.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".required");
  root.replaceChildren();
  if (!data || !data.groups) return;
  const words = data.words;
  const addSource = (parent, source) => {
    const bar = make("div", "actions");
    if (source.place) bar.appendChild(make("span", "place", source.place));
    const open = make("button", "action open", words.open);
    open.type = "button";
    open.setAttribute("aria-label", `${words.open}: ${source.title} ${source.place}`);
    open.onclick = () => { giveBackFocus(root, open); setTriggerValue("opened", source.number); };
    bar.append(open, makeCopyButton(words.copy_citation, words, source.copy, source.html));
    parent.appendChild(bar);
  };

  const addItem = (list, each) => {
    const item = make("li", `item ${each.kind}`);
    const head = make("p", "head");
    head.appendChild(make("span", `badge ${each.kind}`, each.label));
    each.facts.forEach((fact) => head.appendChild(make("span", "fact", fact)));
    item.appendChild(head);
    const quote = make("blockquote", "quote");
    addMarked(quote, each.pieces);
    item.appendChild(quote);
    each.sources.forEach((source) => addSource(item, source));
    list.appendChild(item);
  };

  data.groups.forEach((group) => {
    const section = make("section", "group");
    const heading = make("h3", "", group.heading);
    if (group.replaced) heading.append(" ", make("span", "replaced", group.replaced));
    section.appendChild(heading);
    const list = make("ul", "items");
    group.items.forEach((each) => addItem(list, each));
    section.appendChild(list);
    root.appendChild(section);
  });
}
