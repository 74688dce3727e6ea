/* The banner: the service's own markup as data, made with createElement, so that no policy of the page forbids it and
   nothing in it can run. */

/** @type {HTMLElement | null} */
let banner = null;
let typed = false;
/** @type {any} */
let served = null;
d.addEventListener("input", ({ target }) => {
  if (!banner || !banner.contains(/** @type {Node} */ (target))) typed = true;
}, true);

/** `["p", {class: "x"}, ["text", …]]`
 * @param {any} part @returns {HTMLElement | string} */
function make(part) {
  if (part.trim) return part;
  const [name, attributes, parts] = part;
  if (/script|style|iframe|object|embed|link|base|meta/.test(name)) return "";
  const element = d.createElement(name);
  for (const key in attributes) {
    if (!/^(on|style=|formaction)|script:|data:/i.test(key + "=" + attributes[key])) element.setAttribute(key, attributes[key].replace(/^\/_gate/, place));
  }
  element.append(...parts.map(make));
  return element;
}

/** @param {string} css */
function dress(css) {
  const sheet = d.adoptedStyleSheets && new CSSStyleSheet();
  if (sheet) {
    sheet.replaceSync(css);
    d.adoptedStyleSheets = [...d.adoptedStyleSheets, sheet];
  } else d.head.append(Object.assign(d.createElement("link"), { rel: "stylesheet", href: place + "/banner.css" }));
}

/** A task of its own, for what need not wait for a body: a slow phone has enough to do once that is there. */
const soon = Promise.race([body, new Promise(done => setTimeout(done))]);

/** The banner's data: what came with this script, where it is in a language and for a signal that fit. */
function arriving() {
  const page = d.documentElement.lang.toLowerCase();
  if (B && B.signal == now.sent && !B.others.includes(page.split("-")[0])) return B;
  return fetch(place + "/banner?lang=" + page + "&signal=" + now.sent).then(answer => answer.json());
}

/** @param {boolean} [asked] by the visitor, not by the state of things */
function open(asked) {
  return soon.then(() => served || arriving()).then(data => {
    if (!served) dress(data.css);
    served = data;
    const made = /** @type {HTMLElement} */ (make(data.tree));
    // There are no others than those of categories and the one that goes before a signal.
    made.querySelectorAll("input").forEach(box => {
      if (box.name == "category") box.checked = allows(now, box.value);
      else if (!asked) /** @type {HTMLElement} */ (box.closest("label")).remove();
    });
    // Not `submit`, which no form of a sandboxed page sends.
    made.querySelectorAll("form button").forEach(/** @param {any} button */ button => button.onclick = (/** @type {Event} */ event) => {
      event.preventDefault();
      const fields = new FormData(button.form);
      act({ choice: button.value, category: fields.getAll("category"), override: fields.getAll("override"), source: asked ? "settings" : "banner" }, true);
    });
    return body.then(() => {
      close();
      d.body.prepend(banner = made);
      if (asked) {
        made.tabIndex = -1;
        made.focus();
      }
      d.dispatchEvent(new CustomEvent("cookiegate:open"));
    });
  });
}

function close() {
  if (banner) banner.remove();
  banner = null;
}
