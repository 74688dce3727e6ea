/* First in <head>, before anything else of the page: the policy, then the watch over elements, then what vendors hear.
   What a choice sets in motion can wait, and is in scripts of its own. */

let now = read();
/** Whether vendors must hear of a grant by a script that has not come along. */
const apart = S.files && S.files.signals;
// On the slowest lines Chromium does not wait for a script that is written into the page from another site. Without what
// their vendors must hear first, services stay held in this one page.
if (apart && !S.shared && !now.all && /2g/.test((/** @type {any} */ (navigator).connection || {}).effectiveType)) now = { ...now, granted: "", services: [] };
const top = w.top === w;
/** What this document was given, for good. */
const policy = policyOf(now);

if (policy) {
  const meta = d.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = policy;
  d.head.prepend(meta);
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(holdIn))).observe(d, { childList: true, subtree: true });
}

const api = /** @type {any} */ ({
  /** @param {string} name */
  allows: name => allows(now, name),
  get choice() {
    const shown = /** @type {any} */ ({ decided: now.decided, signal: now.signal, services: now.services });
    for (const letter in CATEGORIES) shown[CATEGORIES[letter]] = allows(now, CATEGORIES[letter]);
    return shown;
  },
  /** @param {string} event @param {(value: any) => void} hear */
  on(event, hear) {
    const listen = (/** @type {any} */ happened) => hear(happened.detail);
    d.addEventListener("cookiegate:" + event, listen);
    if (event == "choice") hear(api.choice);
    if (event == "ready") api.ready.then(hear);
    return () => d.removeEventListener("cookiegate:" + event, listen);
  },
  ready: Promise.resolve().then(() => api.choice)
});

/** @type {Record<string, Promise<any>>} */
const coming = {};
/** Resolves once another of our scripts has run; in the pinned form they follow in the same file.
 * @param {string} name @returns {Promise<any>} */
const load = name => /** @type {any} */ (G)[name] || !S.files ? Promise.resolve() : coming[name] = coming[name] || new Promise((done, failed) => {
  const script = Object.assign(d.createElement("script"), { src: fileOf(name), onload: done, onerror: failed });
  if (own && own.nonce) script.nonce = own.nonce;
  d.head.append(script);
});
/** @param {string} name */
const fileOf = name => place + "/" + name + "." + /** @type {any} */ (S.files)[name] + ".js";

/** What the scripts that come later find.
 * @type {Inner} */
const G = {
  S, place, CATEGORIES, REFUSED, policy, api, own, read, allows, policyOf, cookie, load, close, make,
  /** Where our cookies belong. */
  scope: (S.domain ? "; domain=" + S.domain : "") + (location.protocol == "https:" ? "; secure" : ""),
  now: state => now = state || now,
  shown: () => banner,
  typed: () => typed
};
Object.defineProperty(api, "_", { value: G });
w.cookiegate = api;

// Tags that follow find their vendors' consent decided: only a script that the parser waits for is early enough. It was
// fetched with the choice, and is kept for ever.
if (apart && (now.granted || now.services.length)) {
  if (d.readyState == "loading" && own && !own.async && !own.defer) d.write('<script src="' + fileOf("signals") + '" nonce="' + own.nonce + '"><\/script>');
  else load("signals");
}
