// An element with a class and words; all text is set as text.
function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = text;
  return element;
}

// Adds words, some marked: a difference by a line through or below them too, not by its colour alone.
function addMarked(parent, pieces) {
  pieces.forEach((piece) => {
    const tag = { out: "del", in: "ins" }[piece.change];
    if (!tag) { parent.append(piece.text); return; }
    parent.appendChild(make(tag, "", piece.text));
  });
}
