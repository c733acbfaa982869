// Keeps whoever uses the keyboard alone where they were: Streamlit's drawer does not see into components.
function findFocused() {
  let one = document.activeElement;
  while (one && one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
  return one;
}

// What Tab goes through, in order, within components too.
function listStops(parent) {
  return Array.from(parent.children).flatMap((one) => {
    const is = one.matches('a[href], button:enabled, input:enabled, textarea:enabled, summary, [tabindex="0"]');
    return [...(is && one.tabIndex >= 0 && one.getClientRects().length ? [one] : []), ...listStops(one.shadowRoot || one)];
  });
}

// Takes Tab over in the drawer that holds an element; returns what ends it.
function leadTab(element) {
  const host = element.getRootNode().host || element;
  const drawer = host.closest('[role="dialog"]');
  if (!drawer) return () => {};
  const step = (event) => {
    if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey || !drawer.contains(document.activeElement)) return;
    const stops = listStops(drawer);
    if (!stops.length) return;
    const at = stops.indexOf(findFocused());
    const next = event.shiftKey ? (at < 0 ? stops.length - 1 : at - 1) : at + 1;
    event.preventDefault();
    event.stopImmediatePropagation();
    stops[(next + stops.length) % stops.length].focus();
  };
  window.addEventListener("keydown", step, true);
  return () => window.removeEventListener("keydown", step, true);
}

// Gives the focus back to a button once the drawer that it opens is shut; meanwhile it may have been drawn anew.
function giveBackFocus(root, button) {
  const place = Array.from(root.querySelectorAll("button")).indexOf(button);
  let opened = false;
  const watcher = new MutationObserver(() => {
    const open = document.querySelector('[role="dialog"]') !== null;
    opened = opened || open;
    if (!opened || open) return;
    watcher.disconnect();
    setTimeout(() => {
      const again = root.querySelectorAll("button")[place];
      if (again && document.activeElement === document.body) again.focus({ preventScroll: true });
    }, 100);
  });
  watcher.observe(document.body, { childList: true, subtree: true });
}
