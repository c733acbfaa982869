// Adds words, some marked: a difference by a line through or below them too, not by its colour alone.
function addMarked(parent, pieces) {
  pieces.forEach((piece) => {
    const tag = { out: "del", in: "ins" }[piece.change];
    if (!tag) { parent.append(piece.text); return; }
    const marked = document.createElement(tag);
    marked.textContent = piece.text;
    parent.appendChild(marked);
  });
}
