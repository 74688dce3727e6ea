/* What the tags of vendors hear: everything denied before they load, then one update for each choice. Sources: Google
   "Set up consent mode", Microsoft "UET consent mode", Clarity "consentv2", Meta "fbq consent", TikTok "holdConsent",
   Pinterest "setconsent". LinkedIn's tag knows no such call: it is not loaded before its grant, and that is all. */

/** Letters of what is granted to the tags of one vendor.
 * @param {State} state @param {string} vendor */
function grantedTo(state, vendor) {
  const alone = state.services.filter(id => S.services[id] && S.services[id][3] == vendor).map(id => S.services[id][0]);
  return state.all ? "amp" : state.granted + alone.join("");
}

/** A vendor's snippet gives up where its function is there already: it is met at the moment it makes its queue.
 * @param {any} object @param {string} name @param {(value: any) => void} met */
function meet(object, name, met) {
  Object.defineProperty(object, name, {
    configurable: true, enumerable: true,
    get() {},
    set(value) {
      Object.defineProperty(object, name, { configurable: true, enumerable: true, writable: true, value });
      met(value);
    }
  });
}

/** Calls a queued function now, or first thing once its snippet has made it.
 * @param {any} name @param {() => any[][]} calls */
function callFirst(name, calls) {
  const f = /** @type {any} */ (w)[name];
  /** @param {any} queue */
  const fill = queue => calls().forEach(call => name == "fbq" ? (function () { queue.push(arguments); }).apply(null, /** @type {any} */ (call)) : queue.push(call));
  if (f) calls().forEach(call => f.apply(null, call));
  else meet(w, name, made => made && (made.queue ? fill(made.queue) : meet(made, "queue", fill)));
}

let told = false;
const now = G.now;

/** @param {State} state */
function tell(state) {
  const first = !told;
  told = true;
  const page = /** @type {any} */ (w);
  for (const vendor of S.vendors) {
    const granted = grantedTo(state, vendor), ads = granted.includes("m");
    /** @param {string} letter */
    const word = letter => granted.includes(letter) ? "granted" : "denied";
    if (vendor == "google") {
      const layer = page.dataLayer = page.dataLayer || [];
      /** @param {any[]} _ */
      const gtag = function (..._) { layer.push(arguments); };
      /** @type {Record<string, string>} */
      const denied = {}, update = /** @type {Record<string, string>} */ ({});
      const types = /** @type {Record<string, string[]>} */ (GOOGLE_TYPES);
      for (const letter in types) types[letter].forEach(type => { denied[type] = "denied"; update[type] = word(letter); });
      if (first) gtag("consent", "default", Object.assign(denied, { security_storage: "granted" }));
      if (granted || !first) gtag("consent", "update", update);
    } else if (vendor == "microsoft") {
      const queue = page.uetq = page.uetq || [];
      if (first) queue.push("consent", "default", { ad_storage: "denied" });
      if (ads || !first) queue.push("consent", "update", { ad_storage: word("m") });
    } else if (vendor == "clarity") {
      page.clarity = page.clarity || function () { (page.clarity.q = page.clarity.q || []).push(arguments); };
      page.clarity("consentv2", { ad_Storage: word("m"), analytics_Storage: word("a") });
    } else if (vendor == "tiktok") {
      const queue = page.ttq = page.ttq || [];
      /** @param {string} name */
      const call = name => queue[name] ? queue[name]() : queue.push([name]);
      if (first) call("holdConsent");
      if (ads || !first) call(ads ? "grantConsent" : "revokeConsent");
    } else if (vendor == "meta") {
      if (first) callFirst("fbq", () => grantedTo(now(), "meta").includes("m") ? [["consent", "revoke"], ["consent", "grant"]] : [["consent", "revoke"]]);
      else if (page.fbq) page.fbq("consent", ads ? "grant" : "revoke");
    } else if (vendor == "pinterest") {
      if (first) callFirst("pintrk", () => grantedTo(now(), "pinterest").includes("m") ? [["setconsent", false], ["setconsent", true]] : [["setconsent", false]]);
      else if (page.pintrk) page.pintrk("setconsent", ads);
    }
  }
}

G.signals = tell;
// Without a policy tags that are not marked up run before any choice: they find everything denied.
if (now().granted || now().services.length || !S.policy) tell(now());
