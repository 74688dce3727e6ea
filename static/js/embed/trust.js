/* What pages with Trusted Types ask for: whoever gives an element an address or a text that runs has a policy for it. Ours
   is made with the first of these; `trusted-types cookiegate` lets it be made where a page names its policies. What goes
   through it stood in the page's own markup. */

/** @type {any} */
let policy = null;

/** @param {"createHTML" | "createScript" | "createScriptURL"} kind @param {string} text @returns {any} */
function trusted(kind, text) {
  /** @param {string} same */
  const pass = same => same, types = /** @type {any} */ (w).trustedTypes;
  try {
    policy = policy || types && types.createPolicy("cookiegate", { createHTML: pass, createScript: pass, createScriptURL: pass });
  } catch (error) { /* The browser says why, and keeps the text from being used. */ }
  return policy ? policy[kind](text) : text;
}

/** @param {Element} element @param {string} name @param {string} value */
function setTrusted(element, name, value) {
  const address = /^(src|(xlink:)?href|data)$/.test(name) && /^(script|embed|object)$/.test(element.localName);
  const kind = address ? "createScriptURL" : /^on/.test(name) ? "createScript" : name == "srcdoc" ? "createHTML" : "";
  element.setAttribute(name, kind ? trusted(kind, value) : value);
}
