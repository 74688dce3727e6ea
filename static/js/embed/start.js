/* First in <head>, before anything else of the page: the policy, then the watch over elements, then what vendors hear.
   Everything that can wait is in scripts of their own. */

let now = read();
const top = w.top === w;
/** What this document was given, for good. */
const policy = policyOf(now);

if (policy) {
  const meta = d.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = policy;
  d.head.insertBefore(meta, d.head.firstChild);
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(holdIn))).observe(d, { childList: true, subtree: true });
}

/** @type {(value: any) => void} */
let arrived;
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
  ready: new Promise(done => { arrived = done; })
});
["open", "accept", "reject", "set"].forEach(name => {
  /** @param {any} value */
  api[name] = value => api.ready.then(() => api[name](value));
});

/** The address of one of our other scripts.
 * @param {string} name */
const fileOf = name => place + "/" + (S.files || {})[name];
const words = () => "?lang=" + d.documentElement.lang + "&signal=" + now.sent;

/** Resolves once another of our scripts has run.
 * @param {string} name @returns {Promise<any>} */
const load = (name, from = fileOf(name)) => inner[name] ? Promise.resolve() : inner.coming[name] = inner.coming[name] || new Promise((done, failed) => {
  const script = Object.assign(d.createElement("script"), { src: from, onload: done, onerror: failed });
  if (own && own.nonce) script.nonce = own.nonce;
  d.head.append(script);
});

/** Where our cookies belong. */
const scope = (S.domain ? "; domain=" + S.domain : "") + (location.protocol == "https:" ? "; secure" : "");
const asks = () => top && !now.decided && (!now.signal || S.prompt);
const ask = () => fetch(place + "/banner" + words());
/** @type {any} */
const inner = {
  S, d, w, place, scope, CATEGORIES, REFUSED, policy, api, top, own, asks, ask, read, allows, policyOf, cookie, load, coming: {},
  /** @param {State} [state] */
  now: state => now = state || now,
  /** @param {any} value */
  arrived: value => arrived(value)
};
Object.defineProperty(api, "_", { value: inner });
w.cookiegate = api;

if (S.files) {
  // Tags that follow find their vendors' consent decided: only a script that the parser waits for is early enough.
  // Browsers refuse to wait for one of another site on slow lines, which therefore comes with the loader.
  if (S.files.signals && (now.granted || now.services.length)) {
    if (d.readyState == "loading" && own && !own.async && !own.defer) d.write('<script src="' + fileOf("signals") + '" nonce="' + own.nonce + '"><\/script>');
    else load("signals");
  }
  // Whoever is asked gets both in one: a second request would open a second connection first.
  load("main", asks() ? place + "/asking.js" + words() : fileOf("main"));
}
