// Draws a list of notices, each with what tells it from others, and a box to tick where they may be chosen.
export default function (component) {
  const { data, parentElement, setTriggerValue, setStateValue } = component;
  const root = parentElement.querySelector(".notices");
  if (!data || !data.items) return;
  // Drawn anew only when something is new: whoever goes through the list by keyboard keeps their place.
  const drawn = JSON.stringify(data);
  if (root.drawn === drawn) return;
  root.drawn = drawn;
  root.replaceChildren();
  // What is ticked stays so while the list is narrowed, or turned to its next part.
  const chosen = root.chosen = root.chosen || new Set();
  const list = make("ul", "items");
  data.items.forEach((each) => {
    const item = make("li", "item");
    if (data.choosable) {
      const box = make("input", "choose");
      box.type = "checkbox";
      box.checked = chosen.has(each.id);
      box.setAttribute("aria-label", `${data.words.choose_notice}: ${each.title}`);
      box.onchange = () => {
        if (box.checked) chosen.add(each.id);
        else chosen.delete(each.id);
        setStateValue("chosen", [...chosen]);
      };
      item.appendChild(box);
    }
    const body = make("div", "body");
    const open = make("button", "open", each.title);
    open.type = "button";
    open.onclick = () => { giveBackFocus(root, open); setTriggerValue("opened", each.id); };
    body.appendChild(open);
    const facts = make("p", "facts");
    if (each.badge) facts.appendChild(make("span", `badge ${each.standing}`, each.badge));
    each.facts.forEach((fact) => facts.appendChild(make("span", "fact", fact)));
    body.appendChild(facts);
    item.appendChild(body);
    list.appendChild(item);
  });
  root.appendChild(list);
}
