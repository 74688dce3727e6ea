/* What pages with Trusted Types ask for: whoever gives an element an address or a text that runs has a policy for it. Ours
   is made with the first of these; `trusted-types cookiegate` lets it be made where a page names its policies. What goes
   through it stood in the page's own markup. */

/** @type {any} */
let policy = null;

/** @param {"createHTML" | "createScript" | "createScriptURL"} kind @param {string} text @returns {any} */
function trusted(kind, text) {
  try {
    policy = policy || /** @type {any} */ (w).trustedTypes.createPolicy("cookiegate", new Proxy({}, { get: () => (/** @type {string} */ same) => same }));
  } catch { /* No such thing here, or the page lets none of ours be made: the browser says so. */ }
  return policy ? policy[kind](text) : text;
}

/** What is trusted as an address is a plain text to every attribute that is none.
 * @param {Element} element @param {string} name @param {string} value */
const setTrusted = (element, name, value) =>
  element.setAttribute(name, trusted(/^on/.test(name) ? "createScript" : name == "srcdoc" ? "createHTML" : "createScriptURL", value));
