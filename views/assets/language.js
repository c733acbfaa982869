// Says which language the page is in; keeps a choice in a cookie, which the server has before it draws anything.
export default function (component) {
  const { language, choice } = component.data;
  document.documentElement.lang = language;
  if (!choice) return;
  const kept = choice === "browser" ? "" : choice;
  document.cookie = `policy-desk-language=${kept}; Path=/; SameSite=Lax; Max-Age=${kept ? 31536000 : 0}`;
}
