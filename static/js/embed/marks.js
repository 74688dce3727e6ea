/* Marked-up elements, ours and those of other managers: what each one waits for, and how it becomes live again. */

/** Names that other managers use for what we call otherwise. C000x are OneTrust's groups.
 * @type {[RegExp, string][]} */
const NAMES = [
  [/^(necessary|essential|security|C0001)$/i, "necessary"],
  [/^(preferences?|functional(ity)?|personali[sz]ation|embeds?|C0003)$/i, "preferences"],
  [/^(analytics?|statistics?|performance|measurement|C0002)$/i, "analytics"],
  [/^(marketing|advert(ising|isement)s?|ads?|targeting|social(-media)?|C0004|C0005)$/i, "marketing"]
];
const HOLDERS = "script[type='text/plain'],script[type=opt-in],template[data-gate],template[data-purpose],[data-gate],[data-src],[data-cookieblock-src],[data-uc-src],[data-cmplz-src]";
const SOURCES = /^data-(?:gate-|cookieblock-|uc-|cmplz-|blocked-)?(src|srcset|href|data|poster|async|defer|type)$/;

/** Our category, or the id of a service, for a name in somebody's mark-up; `""` for what nobody has named.
 * @param {string} name */
function meaning(name) {
  const word = name.trim().replace(/^cookieyes-/, "");
  if ((S.marks || {})[word]) return S.marks[word];
  const known = NAMES.find(([pattern]) => pattern.test(word));
  if (known) return known[1];
  const same = word.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return Object.keys(S.services).find(id => id == same) || "";
}

/** The names that an element waits for, all of them; null where it is not marked up.
 * @param {HTMLElement} element @returns {string[] | null} */
function marksOf(element) {
  const data = element.dataset;
  const groups = (element.getAttribute("class") || "").match(/optanon-category-[\w-]+/);
  const name = data.gate || data.cookieconsent || data.usercentrics || data.cookieyes || data.purpose || data.category || data.name ||
    (groups ? groups[0].slice(17).replace(/-/g, ",") : "");
  if (!name || name == "ignore") return null;
  return name.split(data.usercentrics ? "\0" : ",");
}

/** @param {HTMLElement} element */
function mayRun(element) {
  const names = marksOf(element), state = G.now();
  return !!names && names.every(name => {
    const what = meaning(name);
    // Held by us because nobody has named its host: it passes with everything else.
    return what ? G.allows(state, what) : state.all;
  });
}

/** The marked-up elements of a document, in its order.
 * @param {ParentNode} [root] */
function marked(root) {
  return /** @type {HTMLElement[]} */ ([...(root || d).querySelectorAll(HOLDERS)]).filter(element => !released.has(element) && marksOf(element));
}

/** A live copy's attributes: what was set aside goes back where it came from.
 * @param {Element} from @param {Element} to */
function restore(from, to) {
  for (const { name, value } of [...from.attributes]) {
    const aside = SOURCES.exec(name);
    if (aside && name != "data-type" || name == "data-type" && from.localName == "script") {
      to.setAttribute(/** @type {RegExpExecArray} */ (aside)[1], value);
      if (to == from) to.removeAttribute(name);
    } else if (to != from && !(name == "type" && from.localName == "script")) to.setAttribute(name, value);
  }
}
