/* What a page shows and answers: the banner where nothing is decided, the settings link, the functions for the site's
   own scripts. */

/** @param {Record<string, any>} choice with `category`, where it is no acceptance of everything: all that it allows
 * @param {boolean} [shown] */
function act(choice, shown) {
  const had = read(), category = choice.choice != "accept" && choice.category;
  const kept = [...had.granted].filter(letter => !category || category.includes(CATEGORIES[letter])).join("");
  // Nothing beyond what there was: a refusal too, where nothing was granted, and whoever answers an earlier acceptance now comes too late.
  const whole = category && category.length == kept.length;
  // What is taken away counts at once, whatever becomes of the message: for 395 days, until an answer says how long.
  if (whole || kept != had.granted) try {
    d.cookie = S.mark + "=" + S.question + "~" + -~had.acts + "~" + kept + "~~w; path=/; max-age=34128000; samesite=lax" + G.scope;
  } catch { /* A sandbox keeps nothing, and nothing is granted in it. */ }
  return load("more").then(() => /** @type {any} */ (G).decide(choice, shown, had), (/** @type {any} */ error) => {
    if (whole) return close();
    if (!shown) throw error;
    if (banner) banner.append(/** @type {string} */ (banner.dataset.failed));
  });
}

api.open = () => open(true);
api.accept = () => act({ choice: "accept" });
api.reject = () => act({ choice: "reject", category: [] });
/** @param {Record<string, boolean>} set */
api.set = set => act({ set, category: Object.values(CATEGORIES).filter(name => ({ ...api.choice, ...set })[name]) });

/** Turns statistics off for this visitor, or on again.
 * @param {boolean} on */
api.statistics = on => act({ on });

/** The "Cookie settings" link that every page must have. */
function link() {
  const lang = d.documentElement.lang.toLowerCase(), words = S.link[lang] || S.link[lang.split("-")[0]] || S.link[""];
  if (!words || !top || d.querySelector("[data-gate-settings]")) return;
  d.body.append(make(["div", { role: "region", "aria-label": words[0], "data-gate-settings": "" },
    [now.signal && words[2] + " ", ["a", { href: "/_gate/settings" }, [words[1]]]]]));
}

d.addEventListener("click", event => {
  // What a script dispatches may be at a document or at a text.
  const { target } = /** @type {any} */ (event);
  if (!target.closest || !target.closest("[data-gate-settings]")) return;
  event.preventDefault();
  open(true).catch(() => { location.href = place + "/settings"; });
});

// Marked-up elements may wait for what is granted, and a refusal for its sending.
if (now.waits || now.granted + now.services) load("more").catch(() => {});

// Whoever comes near the banner will want what a choice needs. Frames that are held can be asked for one by one; whoever does
// nothing in a page loads nothing for it.
["pointerover", "focusin", "scroll"].forEach(event => d.addEventListener(event, ({ target }) => {
  const frames = w.length && d.querySelector("iframe:not([src])");
  if (frames || banner && banner.contains(/** @type {Node} */ (target))) load("more").then(() => frames && /** @type {any} */ (G).frames()).catch(() => {});
}));

// A page that comes back, or a tab that comes forward, may have been overtaken by a choice made elsewhere.
const overtaken = () => {
  if (read().seen != now.seen) load("more").then(() => /** @type {any} */ (G).apply(true)).catch(() => {});
};
addEventListener("pageshow", overtaken);
d.addEventListener("visibilitychange", overtaken);

const asking = () => open().catch(() => {});
if (top && !now.decided && (!now.signal || S.prompt)) {
  // Once: whoever has chosen here, be it an earlier question's answer, is asked here.
  if (S.takeOver && !now.seen) load("takeover").then(() => /** @type {any} */ (G).takeover(act, asking)).catch(asking);
  else asking();
}
const begin = () => {
  link();
  d.dispatchEvent(new CustomEvent("cookiegate:ready", { detail: api.choice }));
};
body.then(() => d.readyState == "loading" ? d.addEventListener("DOMContentLoaded", begin) : begin());
