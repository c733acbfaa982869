// Copying that works without https: navigator.clipboard is undefined there.
async function copyByBrowser(text, rich) {
  if (!navigator.clipboard || !window.isSecureContext) return false;
  try {
    if (rich) {
      const make = (words, type) => new Blob([words], { type });
      const parts = { "text/plain": make(text, "text/plain"), "text/html": make(rich, "text/html") };
      await navigator.clipboard.write([new ClipboardItem(parts)]);
    } else {
      await navigator.clipboard.writeText(text);
    }
    return true;
  } catch (refused) {
    return false;
  }
}

// The old way: the browser asks, when something selected is copied, what is to be put on the clipboard.
function copyByEvent(text, rich) {
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.style.position = "fixed";
  area.style.opacity = "0";
  // Inside an open dialog only what is in the dialog can be selected.
  const host = document.querySelector('[role="dialog"]') || document.body;
  const focused = document.activeElement;
  host.appendChild(area);
  area.select();
  const fill = (event) => {
    event.clipboardData.setData("text/plain", text);
    if (rich) event.clipboardData.setData("text/html", rich);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", fill, true);
  let done = false;
  try { done = document.execCommand("copy"); } catch (refused) { done = false; }
  document.removeEventListener("copy", fill, true);
  area.remove();
  if (focused) focused.focus({ preventScroll: true });
  return done;
}

// Puts plain words on the clipboard, with the same as HTML where it is given.
async function copyText(text, rich) {
  return (await copyByBrowser(text, rich)) || copyByEvent(text, rich);
}

// A button that copies; `label` is what it says, `text` and `rich` what it copies.
function makeCopyButton(label, words, text, rich) {
  const button = make("button", "action copy", label);
  button.type = "button";
  button.onclick = async () => {
    const done = await copyText(text, rich);
    button.textContent = done ? words.copied : words.not_copied;
    setTimeout(() => { button.textContent = label; }, 2500);
  };
  return button;
}
