// Keeps a choice in this browser, so that it is made once.
export default function (component) {
  const { data, setStateValue } = component;
  const name = `policy-desk-${data.name}`;
  try {
    if (data.value) {
      localStorage.setItem(name, data.value);
    } else {
      const kept = localStorage.getItem(name);
      if (kept) setStateValue("kept", kept);
    }
  } catch (refused) {
    // A browser that keeps nothing is asked again the next time.
  }
}
