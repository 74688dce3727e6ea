/* What a page shows and answers: the banner where nothing is decided, the settings link, the functions for the site's
   own scripts. What a choice sets in motion comes in a script of its own, once there is one. */

const MARKED = "[type='text/plain'],[type=opt-in],[data-gate],template,[data-category],[data-name],[data-cookieconsent],[data-usercentrics],[class*=optanon]";

/** @param {Record<string, any>} choice @param {boolean} [shown] */
function act(choice, shown) {
  // A refusal counts at once, whatever becomes of its message.
  if (choice.choice == "reject") d.cookie = G.REFUSED + "=" + S.question + "~" + Date.now() + "; path=/; max-age=" + S.days * 86400 + "; samesite=lax" + G.scope;
  return G.load("more").then(() => G.decide(choice, shown), (/** @type {any} */ error) => {
    if (choice.choice == "reject") close();
    else if (!shown) throw error;
    else if (banner) banner.append(banner.dataset.failed || "");
  });
}

Object.assign(G, { main: 1, close, MARKED, shown: () => banner, typed: () => typed });
api.open = () => open(true);
api.accept = () => act({ choice: "accept", source: "api" });
api.reject = () => act({ choice: "reject", source: "api" });
/** @param {Record<string, boolean>} wanted */
api.set = wanted => act({ choice: "save", source: "api", category: Object.values(G.CATEGORIES).filter((/** @type {any} */ name) => name in wanted ? wanted[name] : api.allows(name)) });

/** The "Cookie settings" link that every page must have. */
function link() {
  const words = S.link[d.documentElement.lang] || S.link[""];
  if (!words || !G.top || d.querySelector("[data-gate-settings]")) return;
  d.body.append(make(["div", { role: "region", "aria-label": words[0], "data-gate-settings": "" },
    [G.now().signal ? words[2] + " " : "", ["a", { href: "/_gate/settings" }, [words[1]]]]]));
}

d.addEventListener("click", event => {
  if (!/** @type {Element} */ (event.target).closest("[data-gate-settings]")) return;
  event.preventDefault();
  open(true).catch(() => { location.href = G.place + "/settings"; });
});

/** Marked-up elements that wait for what is granted, and refusals that wait to be sent. */
function look() {
  const state = G.now();
  if (state.refused || (state.granted || state.services.length) && d.querySelector(MARKED)) G.load("more").catch(() => {});
}
new MutationObserver(look).observe(d, { childList: true, subtree: true });
look();

// A page that comes back, or a tab that comes forward, may have been overtaken by a choice made elsewhere.
const overtaken = () => {
  const state = G.read();
  if (state.token != G.now().token || state.refused != G.now().refused) G.load("more").then(() => G.apply(true));
};
addEventListener("pageshow", event => { if (event.persisted) overtaken(); });
d.addEventListener("visibilitychange", overtaken);

const ask = () => open(false).catch(() => {});
if (G.asks() && S.takeOver) G.load("takeover").then(() => G.takeover(act)).then((/** @type {boolean} */ done) => { if (!done) ask(); }, ask);
else if (G.asks()) ask();
body.then(() => d.readyState == "loading" ? d.addEventListener("DOMContentLoaded", link) : link());
G.arrived(api.choice);
