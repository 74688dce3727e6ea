/* What the names in other managers' mark-up and cookies mean here. */

/** Names that other managers use for what we call otherwise. C000x are OneTrust's groups.
 * @type {[RegExp, string][]} */
const NAMES = [
  [/^(necessary|essential|security|C0001)$/i, "necessary"],
  [/^(preferences?|functional(ity)?|personali[sz]ation|embeds?|C0003)$/i, "preferences"],
  [/^(analytics?|statistics?|performance|measurement|C0002)$/i, "analytics"],
  [/^(marketing|advert(ising|isement)s?|ads?|targeting|social(-media)?|C0004|C0005)$/i, "marketing"]
];

/** Our category, or the id of a service, for a name in somebody's mark-up; `""` for what nobody has named.
 * @param {string} name */
function meaning(name) {
  const word = name.trim().replace(/^cookieyes-/, "");
  const given = (S.marks || {})[word];
  if (given) return given;
  const known = NAMES.find(([pattern]) => pattern.test(word));
  if (known) return known[1];
  if (S.services[word]) return word;
  const same = word.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return Object.keys(S.services).find(id => id == same) || "";
}
