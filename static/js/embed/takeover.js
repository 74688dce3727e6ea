/* The choice that another manager has stored, taken over as the same or a narrower one: a category is granted where each
   of its services was, or where it was granted by its own name, nothing of it was refused, and nothing that nobody here knows,
   which may be of any category. Sources: the managers' guides. */

/** @typedef {Record<string, boolean>} Answers by the manager's own names */

/** @param {string} name */
function stored(name) {
  try {
    return decodeURIComponent(G.cookie(name));
  } catch {
    return "";
  }
}

/** @param {string} text @param {RegExp} pattern name and word @param {RegExp} yes @returns {Answers | null} */
function pairs(text, pattern, yes) {
  /** @type {Answers} */
  const found = {};
  for (let match; (match = pattern.exec(text));) found[match[1]] = yes.test(match[2]);
  return Object.keys(found).length ? found : null;
}

/** @param {string} name @param {(value: any) => any} [pick] @returns {Answers | null} */
function json(name, pick) {
  try {
    const value = JSON.parse(stored(name));
    return pick ? pick(value) : value;
  } catch {
    return null;
  }
}

/** @type {Record<string, () => Answers | null>} */
const MANAGERS = {
  vanilla: () => json("cc_cookie", vanilla),
  klaro: () => json("klaro"),
  orejime: () => json("eu-consent") || json("orejime"),
  // "Implied" is what its cookie says of who has only gone on.
  cookiebot: () => /^\{(?!.*method:'implied)/.test(stored("CookieConsent")) ? pairs(stored("CookieConsent"), /(\w+):(true|false)/g, /true/) : null,
  // Before the visitor has answered, OneTrust's cookie holds what its region starts with.
  onetrust: () => G.cookie("OptanonAlertBoxClosed") ? pairs((/groups=([^&]*)/.exec(stored("OptanonConsent")) || [])[1] || "", /(C\d{4}):([01])/g, /1/) : null,
  cookieyes: () => /action:yes/.test(stored("cookieyes-consent")) ? pairs(stored("cookieyes-consent"), /(necessary|functional|analytics|performance|advertisement):(yes|no)/g, /yes/) : null,
  tarteaucitron: () => /=(true|false)/.test(stored("tarteaucitron")) ? byService(pairs(stored("tarteaucitron"), /!([^=!]+)=(\w+)/g, /^true$/)) : null
};

/** What the visitor did not choose stands nowhere in its cookie. A category with services in it holds those that were chosen,
 * so it may be a part: its services count, and it does not.
 * @param {any} value @returns {Answers | null} */
function vanilla(value) {
  if (!Array.isArray(value.categories)) return null;
  const names = value.categories.flatMap((/** @type {string} */ name) => (value.services || {})[name] && value.services[name].length ? value.services[name] : name);
  return Object.assign({ necessary: true }, ...names.map((/** @type {string} */ name) => ({ [name]: true })));
}

/** Names in tarteaucitron are of services, "analytics" too.
 * @param {Answers | null} answers @returns {Answers} */
function byService(answers) {
  /** @type {Answers} */
  const found = {};
  for (const name in answers) {
    const ours = /^(analytics|gtag|multiplegtag|gajs|ga4?x?)$/.test(name) ? "google-analytics" : (S.marks || {})[name] || S.services[meaning(name)] && meaning(name) || "unknown " + name;
    found[ours] = answers[name] && found[ours] !== false;
  }
  return found;
}

/** @param {Answers} answers @returns {string[]} */
function granted(answers) {
  const said = Object.keys(answers).map(name => ({ what: meaning(name), yes: answers[name] === true })), unknown = said.some(one => !one.what && !one.yes);
  return Object.keys(G.CATEGORIES).filter(letter => {
    const category = G.CATEGORIES[letter], own = Object.keys(S.services).filter(id => S.services[id][0] == letter);
    /** @param {{what: string, yes: boolean}} one */
    const concerns = one => one.what == category || own.includes(one.what);
    return said.filter(concerns).every(one => one.yes) && (!unknown && said.some(one => one.what == category) ||
      own.length && own.every(id => said.some(one => one.what == id)));
  }).map(letter => G.CATEGORIES[letter]);
}

/** Where the managers keep their choices. */
const KEPT = ["cc_cookie", "klaro", "eu-consent", "orejime", "CookieConsent", "OptanonConsent", "OptanonAlertBoxClosed", "cookieyes-consent", "tarteaucitron"];

/** Takes over the choice that is there, or asks. Once: what is stored here in its place may end, or be refused, before the other.
 * @param {(choice: Record<string, any>) => Promise<any>} act @param {() => any} ask */
G.takeover = (act, ask) => {
  const answers = (S.takeOver || []).map(name => MANAGERS[name]()).find(Boolean);
  if (!answers || typeof answers != "object") return ask();
  const category = granted(answers);
  return act(category.length ? { choice: "save", category, source: "api" } : { choice: "reject", category, source: "api" }).then(choice => choice && choice.decided && /** @type {any} */ (G).more.wipe(KEPT));
};
