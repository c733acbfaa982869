// Copying that works without https: navigator.clipboard is undefined there.
async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try { await navigator.clipboard.writeText(text); return true; } catch (refused) { /* try the old way */ }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.style.position = "fixed";
  area.style.opacity = "0";
  // Inside an open dialog only what is in the dialog can be selected.
  const host = document.querySelector('[role="dialog"]') || document.body;
  host.appendChild(area);
  area.select();
  let done = false;
  try { done = document.execCommand("copy"); } catch (refused) { done = false; }
  area.remove();
  return done;
}

function makeCopyButton(text, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "action copy";
  button.textContent = words.copy;
  button.onclick = async () => {
    const done = await copyText(text);
    button.textContent = done ? words.copied : words.not_copied;
    setTimeout(() => { button.textContent = words.copy; }, 2500);
  };
  return button;
}
