// Keeps the place that a link leads to while its reader signs in elsewhere, and leads back there afterwards.
export default function (component) {
  const name = "policy-desk-place";
  const here = location.pathname + location.search;
  try {
    if (component.data.keep) {
      sessionStorage.setItem(name, here);
      return;
    }
    const kept = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    if (kept && kept !== here) location.replace(location.origin + kept);
  } catch (refused) {
    // A browser that keeps nothing shows the first page after the sign-in.
  }
}
