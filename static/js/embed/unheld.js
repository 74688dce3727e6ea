/* In place of `hold.js` where only marked-up elements are held: no policy, and nothing to be made inert. */

/** @param {State} _ */
const policyOf = _ => "";
/** @param {any} _ */
const holdIn = _ => {};
