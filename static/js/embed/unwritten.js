/* In place of `written.js` in the pinned form, which has what vendors hear along. */

let now = read();
const apart = 0;
