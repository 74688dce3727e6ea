/* In place of `served.js` for the tag: whoever writes its pages has set aside what is to be held, and nothing stands in. */

/** @param {Element} _ */
const isServed = _ => false;
/** @param {Element} _ */
const isStyled = _ => false;
/** @param {Element} _ */
const standAside = _ => {};
