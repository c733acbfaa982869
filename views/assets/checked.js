// Draws what a draft's quotations and claims were found to be. All text is set as text.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".checked");
  root.replaceChildren();
  if (!data || !data.items) return;
  const words = data.words;
  const addFound = (item, found) => {
    const line = make("p", "found", found.citation);
    const bar = make("div", "actions");
    const open = make("button", "action open", words.open);
    open.type = "button";
    open.onclick = () => { giveBackFocus(root, open); setTriggerValue("opened", found.number); };
    bar.append(open, makeCopyButton(words.copy_citation, words, found.copy, found.html));
    if (found.correction) bar.appendChild(makeCopyButton(words.copy_correction, words, found.correction));
    item.append(line, bar);
  };

  const list = make("ol", "items");
  data.items.forEach((each) => {
    const item = make("li", `item ${each.verdict}`);
    const head = make("p", "head");
    const sign = make("span", "sign", each.sign);
    sign.setAttribute("aria-hidden", "true");
    head.append(sign, make("strong", "", each.verdict_label));
    const said = make("blockquote", "said");
    addMarked(said, each.pieces);
    item.append(head, said);
    if (each.note) item.appendChild(make("p", "note", each.note));
    if (each.found) addFound(item, each.found);
    list.appendChild(item);
  });
  root.appendChild(list);
}
