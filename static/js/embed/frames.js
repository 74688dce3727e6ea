/* Held frames of named services: what stands in their place until the visitor allows them. It is drawn into the frame's
   own empty document, so that no element of the page is added, no style or policy of it is met, and no message is needed
   that others could forge. What is allowed but does not pass this document's policy comes by a page of the service. */

/** What the script that releases lends. */
const M = G.more;
/** What stands where, by service. @type {any} */
let words;
/** Frames that a page of the service shows, those that the site's own policy keeps from it, those with a document anew. */
const opened = new WeakSet(), refused = new WeakSet(), renewed = new WeakSet();
// A frame that nobody can see asks nobody, until it can be seen.
const sizes = new ResizeObserver(list => list.forEach(({ target }) => draw(/** @type {HTMLIFrameElement} */ (target))));

/** The service that a held frame comes from: by its host, else by its mark where its host passes anyway.
 * @param {HTMLIFrameElement} frame @returns {string} */
function serviceOf(frame) {
  const url = M.addressOf(frame), names = url && M.marksOf(frame);
  return names && (M.serviceAt(url) || M.passes(url) && names.map(M.meaning).find((/** @type {string} */ name) => S.services[name])) || "";
}

/** @param {HTMLIFrameElement} frame */
function tend(frame) {
  const source = frame.getAttribute("src"), live = source && M.web(source);
  if (live && !M.passes(live)) {
    const id = M.serviceAt(live);
    if (!id) return;
    // Put in, or given another address, where the watch over new elements does not look.
    frame.setAttribute("data-gate", id);
    frame.setAttribute("data-gate-src", live.href);
    [opened, M.released].forEach(list => list.delete(frame));
    M.release();
    if (!opened.has(frame)) empty(frame);
  } else if (source) return;
  // Observed anew it is looked at anew, once the page has been laid out.
  sizes.unobserve(frame);
  if (!opened.has(frame) && serviceOf(frame) && !M.mayRun(frame)) sizes.observe(frame);
}

/** @param {HTMLIFrameElement} frame */
function draw(frame) {
  const id = serviceOf(frame), tree = id && words.services[id], page = frame.contentDocument;
  if (!tree || !d.adoptedStyleSheets || opened.has(frame) || M.mayRun(frame) || frame.clientWidth < 60 || frame.clientHeight < 30) return;
  if (!page || page.URL != "about:blank") {
    // What was stopped on its way has left a document that nobody can write to, and a sandbox is one.
    if (!renewed.has(frame)) empty(frame);
  } else if (!page.querySelector("[name=once]")) {
    const sheet = new /** @type {any} */ (frame.contentWindow).CSSStyleSheet();
    sheet.replaceSync(words.css);
    page.adoptedStyleSheets = [sheet];
    Object.assign(page.documentElement, { lang: words.lang, dir: words.dir });
    page.title = tree[0];
    page.body.replaceChildren(...tree[1].map(G.make));
    if (refused.has(frame)) complain(page, words.refused);
    page.addEventListener("click", event => {
      const { target } = /** @type {any} */ (event), button = target.closest && target.closest("button");
      event.preventDefault();
      if (button) press(frame, page, { [button.name]: id, source: "placeholder" });
    });
  }
}

/** @param {Document} page @param {string} text */
function complain(page, text) {
  const line = page.querySelector("[role=alert]") || page.createElement("div");
  line.setAttribute("role", "alert");
  line.textContent = text || words.failed;
  /** @type {Element} */ (/** @type {Element} */ (page.querySelector("button")).parentElement).before(line);
}

/** @param {HTMLIFrameElement} frame @param {Document} page @param {Record<string, any>} act */
function press(frame, page, act) {
  M.resend().then(() => M.send(act, false)).then((/** @type {any} */ reply) => {
    if (reply.once) show(frame);
    else if (reply.failed || !M.apply(true) && !M.mayRun(frame)) complain(page, reply.notice);
    else M.release();
  }).catch((/** @type {any} */ error) => M.anew(error) || complain(page, error.error));
}

/** @param {HTMLIFrameElement} frame */
function show(frame) {
  if (M.passes(M.addressOf(frame))) M.releaseOne(frame);
  else nest(frame);
}

/** Put back where it stood, a frame has no past: Back leads to the page before, not to an empty frame.
 * @param {HTMLIFrameElement} frame @param {() => void} change */
function renew(frame, change) {
  const parent = /** @type {Node} */ (frame.parentNode), next = frame.nextSibling, focused = d.activeElement == frame;
  frame.remove();
  change();
  parent.insertBefore(frame, next);
  if (focused) frame.focus({ preventScroll: true });
}

/** @param {HTMLIFrameElement} frame */
function empty(frame) {
  renewed.add(frame);
  renew(frame, () => {
    const sandbox = frame.getAttribute("sandbox");
    if (sandbox != null) frame.setAttribute("data-gate-sandbox", sandbox);
    ["src", "sandbox"].forEach(name => frame.removeAttribute(name));
  });
}

/** By a page of the service, whose own policy lets pass that one service.
 * @param {HTMLIFrameElement} frame */
function nest(frame) {
  const url = M.addressOf(frame), id = M.serviceAt(url);
  if (!id || opened.has(frame)) return;
  opened.add(frame);
  const asked = new URLSearchParams({ src: url.href, allow: frame.allow, title: frame.title, referrer: frame.referrerPolicy });
  if (frame.allowFullscreen) asked.set("full", "");
  const kept = frame.getAttribute("data-gate-sandbox");
  renew(frame, () => {
    if (kept != null) frame.setAttribute("sandbox", kept);
    // Spelt so that the watch over new elements finds no service's name in it.
    frame.src = G.place + "/frame/" + id + "#" + String(asked).replace(/\./g, "%2E");
  });
}

/** @param {SecurityPolicyViolationEvent} event */
function stopped(event) {
  for (const frame of d.querySelectorAll("iframe")) {
    if (!opened.has(frame) || !event.blockedURI || !frame.src.startsWith(event.blockedURI)) continue;
    // The site's own policy. What is always allowed is let pass by ours in a new document.
    if (M.mayRun(frame)) return M.keepsInput() || location.reload();
    opened.delete(frame);
    refused.add(frame);
    empty(frame);
  }
}

const look = () => d.querySelectorAll("iframe").forEach(tend);

G.nest = nest;
fetch(G.place + "/held?lang=" + d.documentElement.lang).then(answer => answer.ok ? answer.json() : Promise.reject()).then(data => {
  words = data;
  new MutationObserver(look).observe(d, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
  d.addEventListener("load", look, true);
  d.addEventListener("securitypolicyviolation", stopped);
  M.release();
  look();
}).catch(() => {});
