// Streamlit keeps a page with a box for questions at its end, also where it should begin: these hold it elsewhere.
function findScroller(element) {
  const host = element.getRootNode().host || element;
  let main = host.parentElement;
  while (main && !/auto|scroll/.test(getComputedStyle(main).overflowY)) main = main.parentElement;
  return { host, main };
}

// Calls `place` while the page settles, until the reader moves it or the time is over; returns what ends it.
function holdPlace(main, place) {
  const events = ["wheel", "touchstart", "pointerdown", "keydown"];
  const watcher = new ResizeObserver(place);
  const end = () => {
    watcher.disconnect();
    main.removeEventListener("scroll", place);
    events.forEach((name) => window.removeEventListener(name, end, true));
  };
  events.forEach((name) => window.addEventListener(name, end, true));
  main.addEventListener("scroll", place);
  Array.from(main.children).forEach((child) => watcher.observe(child));
  place();
  // On a slow machine what comes below the answer comes late, and Streamlit then goes to its end.
  setTimeout(end, 20000);
  return end;
}
