/* The banner: the service's own markup as data, made with createElement, so that no policy of the page forbids it and
   nothing in it can run. */

/** @type {HTMLElement | null} */
let banner = null;
let typed = false;
/** @type {any} */
let served = null;
d.addEventListener("input", event => {
  if (!banner || !banner.contains(/** @type {Node} */ (event.target))) typed = true;
}, true);

/** `["p", {class: "x"}, ["text", …]]`
 * @param {any} part @returns {HTMLElement | string} */
function make(part) {
  if (typeof part == "string") return part;
  const [name, attributes, parts] = part;
  if (/script|style|iframe|object|embed|link|base|meta/.test(name)) return "";
  const element = d.createElement(name);
  for (const key in attributes) {
    if (!/^on|^style=|^formaction|script:|data:/i.test(key + "=" + attributes[key])) element.setAttribute(key, attributes[key].replace(/^\/_gate/, place));
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

/** Resolves as soon as there is a body to put things into: before the parser has gone on to what it holds. */
const body = new Promise(done => {
  const look = () => d.body && (done(0), watch.disconnect()), watch = new MutationObserver(look);
  watch.observe(d, { childList: true, subtree: true });
  look();
});

/** The banner's data: what came with this script, where it is in a language and for a signal that fit. */
function arriving() {
  const page = d.documentElement.lang;
  if (B && B.signal == now.sent && !B.others.includes(page.split("-")[0].toLowerCase())) return B;
  return fetch(place + "/banner?lang=" + page + "&signal=" + now.sent).then(answer => answer.json());
}

/** @param {boolean} asked by the visitor, not by the state of things */
function open(asked) {
  return Promise.all([served || arriving(), body]).then(([data]) => {
    if (!served) dress(data.css);
    served = data;
    if (banner) banner.remove();
    banner = /** @type {HTMLElement} */ (make(data.tree));
    banner.querySelectorAll("input").forEach(box => {
      if (box.name == "category") box.checked = allows(now, box.value);
      if (box.name == "override" && !asked) /** @type {HTMLElement} */ (box.closest("label")).remove();
    });
    banner.addEventListener("submit", event => {
      event.preventDefault();
      const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
      const button = /** @type {HTMLButtonElement} */ (event.submitter);
      act({ choice: button.value, category: fields.getAll("category"), override: fields.getAll("override"), source: asked ? "settings" : "banner" }, true);
    });
    ["pointerover", "focusin"].forEach(event => /** @type {HTMLElement} */ (banner).addEventListener(event, () => load("more").catch(() => {})));
    d.body.prepend(banner);
    if (asked) {
      banner.tabIndex = -1;
      banner.focus();
    }
    d.dispatchEvent(new CustomEvent("cookiegate:open"));
  });
}

function close() {
  if (banner) banner.remove();
  banner = null;
}
