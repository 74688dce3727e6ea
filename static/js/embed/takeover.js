/* The choice that another manager has stored, taken over as the same or a narrower one: a category is granted where it
   was granted by its own name and nothing of it refused, or where each of its services was. Sources: the managers' guides. */

/** @typedef {Record<string, boolean>} Answers by the manager's own names */

/** @param {string} name */
function stored(name) {
  try {
    return decodeURIComponent(G.cookie(name));
  } catch (error) {
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
  } catch (error) {
    return null;
  }
}

/** @type {Record<string, () => Answers | null>} */
const MANAGERS = {
  // What the visitor did not choose stands nowhere in its cookie.
  vanilla: () => json("cc_cookie", value => Array.isArray(value.categories) ? Object.assign({ "": false }, ...value.categories.map((/** @type {string} */ name) => ({ [name]: true }))) : null),
  klaro: () => json("klaro"),
  orejime: () => json("eu-consent") || json("orejime"),
  cookiebot: () => /^\{/.test(stored("CookieConsent")) ? pairs(stored("CookieConsent"), /(\w+):(true|false)/g, /true/) : null,
  // Before the visitor has answered, OneTrust's cookie holds what its region starts with.
  onetrust: () => G.cookie("OptanonAlertBoxClosed") ? pairs((/groups=([^&]*)/.exec(stored("OptanonConsent")) || [])[1] || "", /(C\d{4}):([01])/g, /1/) : null,
  cookieyes: () => /action:yes/.test(stored("cookieyes-consent")) ? pairs(stored("cookieyes-consent"), /(necessary|functional|analytics|performance|advertisement):(yes|no)/g, /yes/) : null,
  tarteaucitron: () => /=(true|false)/.test(stored("tarteaucitron")) ? pairs(stored("tarteaucitron"), /!([^=!]+)=(\w+)/g, /^true$/) : null
};

/** @param {Answers} answers @returns {string[]} */
function granted(answers) {
  const said = Object.keys(answers).map(name => ({ what: meaning(name), yes: answers[name] === true }));
  return Object.keys(G.CATEGORIES).filter(letter => {
    const category = G.CATEGORIES[letter], own = Object.keys(S.services).filter(id => S.services[id][0] == letter);
    /** @param {{what: string, yes: boolean}} one */
    const concerns = one => one.what == category || own.includes(one.what);
    return said.filter(concerns).every(one => one.yes) && (said.some(one => one.what == category) ||
      own.length && own.every(id => said.some(one => one.what == id)));
  }).map(letter => G.CATEGORIES[letter]);
}

/** Resolves with whether a choice was there and has been taken over.
 * @param {(choice: Record<string, any>) => Promise<any>} act @returns {Promise<boolean>} */
G.takeover = act => {
  const answers = (S.takeOver || []).map(name => MANAGERS[name]()).find(Boolean);
  if (!answers || typeof answers != "object") return Promise.resolve(false);
  const category = granted(answers);
  return act(category.length ? { choice: "save", category, source: "api" } : { choice: "reject", source: "api" }).then(() => true);
};
