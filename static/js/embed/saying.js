/* What the visitor hears of a choice, and what must not be lost by it. */

/** Whether a new document would lose something that the visitor has written. */
function keepsInput() {
  const banner = G.shown();
  return G.typed() || [...d.querySelectorAll("input,textarea")].some(node => {
    const field = /** @type {HTMLInputElement} */ (node);
    return !(banner && banner.contains(field)) && !/^(hidden|checkbox|radio)$/.test(field.type) && field.value != field.defaultValue;
  });
}

/** A short confirmation in place of the banner, which takes the focus.
 * @param {string} text @param {string} hide */
function say(text, hide) {
  const banner = G.shown();
  if (!text || !banner) return G.close();
  const button = Object.assign(d.createElement("button"), { type: "button", textContent: hide, className: "gate-hide", onclick: G.close });
  const words = Object.assign(d.createElement("p"), { textContent: text });
  /** @type {HTMLElement} */ (banner.querySelector("div")).replaceChildren(words, button);
  banner.setAttribute("role", "alert");
  banner.tabIndex = -1;
  banner.focus();
}

/** @param {string} text */
function complain(text) {
  const banner = G.shown();
  if (!banner) return;
  const words = banner.querySelector("[role=alert]") || d.createElement("p");
  words.setAttribute("role", "alert");
  words.textContent = text || banner.dataset.failed || "";
  /** @type {HTMLElement} */ (banner.querySelector("div")).prepend(words);
}
