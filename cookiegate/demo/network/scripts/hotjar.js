// Stand-in for Hotjar's site script: a number for the person, one for the session, and a note of every click.
const site = window._hjSettings ? window._hjSettings.hjid : "0";
const card = () => btoa(JSON.stringify({ id: digits(), created: Date.now(), existing: false }));
const person = remembered(`_hjSessionUser_${site}`, card, 365);
const session = remembered(`_hjSession_${site}`, card, 1);
const note = (what) => send(`https://in.hotjar.com/api/v2/client/sites/${site}/visit-data`, {
  event: what, url: location.href, referrer: document.referrer, person, session,
});
add("https://script.hotjar.com/modules.js");
note("page");
addEventListener("click", () => note("click"), { passive: true });
localStorage.setItem("_hjid", person);
