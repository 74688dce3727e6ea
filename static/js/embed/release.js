/* Releases what is granted in the order of the document: a script waits for the one before it, as a parser would have
   it wait; `async` ones wait for none; `defer` and modules come once all others have run. */

/** @type {WeakSet<Element>} */
const released = new WeakSet();
/** @type {Promise<any>} */
let before = Promise.resolve();
/** @type {HTMLElement[]} */
let later = [];
/** @type {ParentNode[]} */
let trees = [d];
d.addEventListener("DOMContentLoaded", () => { trees = trees.concat([...d.querySelectorAll("*")].flatMap(element => element.shadowRoot || [])); });

/** Elements that the parser may still be at: nothing has come after them, and they may be no more than half there.
 * @type {Set<HTMLElement>} */
const unfinished = new Set();

/** @param {Node} element */
function isUnfinished(element) {
  /** @type {Node | null} */
  let last = d;
  while (last && last != element) last = last.lastChild;
  return !!last && d.readyState == "loading";
}

/** Everything that waits in the document. */
const release = () => releaseAll(trees.flatMap(marked));

/** What has come in, and that alone: a page may be large, and change with every step of its visitor.
 * @param {MutationRecord[]} changes */
function releaseAdded(changes) {
  const found = new Set(unfinished), { matches, querySelectorAll } = Element.prototype;
  changes.forEach(({ addedNodes }) => addedNodes.forEach(/** @param {any} node */ node => {
    if (!(node instanceof Element)) return;
    [node, ...querySelectorAll.call(node, MARKED)].forEach(/** @param {any} one */ one => matches.call(one, MARKED) && found.add(one));
  }));
  unfinished.clear();
  releaseAll([...found].filter(element => element.isConnected && isWaiting(element)).sort((one, other) => one.compareDocumentPosition(other) & 4 ? -1 : 1));
}

/** @param {HTMLElement[]} elements that wait, in the order of the document */
function releaseAll(elements) {
  // Chromium drops the loading of a frame that a script begins while the parser is still at it.
  for (const element of elements) {
    const frame = element.localName == "iframe", url = frame && addressOf(element);
    if (!mayRun(element) || frame && d.readyState == "loading") continue;
    if (isUnfinished(element)) unfinished.add(element);
    // Allowed since this document was given its policy: the page of the service shows it, or the next document.
    else if (!url || passes(url)) releaseOne(element);
    else if (G.nest) G.nest(element);
  }
  if (d.readyState != "loading") {
    later.forEach(script => run(script));
    later = [];
  }
}

/** @param {HTMLElement} element */
function releaseOne(element) {
  released.add(element);
  if (element.localName == "template") return unwrap(/** @type {HTMLTemplateElement} */ (element));
  if (element.localName != "script") return revive(element);
  const waits = /** @type {HTMLScriptElement} */ (element), data = element.dataset;
  const kind = data.gateType || data.type || "", slow = data.gateDefer != undefined || waits.defer || kind == "module";
  if (slow) later.push(element);
  else run(element);
}

/** Gives an element back what was set aside, or taken out of its style sheet.
 * @param {HTMLElement} element */
function revive(element) {
  const parent = element.parentElement;
  standAside(element);
  restore(element, element);
  // Browsers look at these once, when they come.
  if (element.matches("meta,embed,[imagesrcset]")) element.replaceWith(element.cloneNode());
  if (parent instanceof HTMLMediaElement && /^source$/.test(element.localName)) parent.load();
}

/** The held script is replaced by a live one, in its turn. Under a policy with a nonce it must carry it as any other: what
 * nobody but who wrote the page could have marked up. A script that another one inserts would pass 'strict-dynamic' without.
 * @param {HTMLElement} element */
function run(element) {
  if (G.own && G.own.nonce && element.nonce != G.own.nonce) return;
  const live = /** @type {HTMLScriptElement} */ (d.createElementNS(element.namespaceURI, "script"));
  restore(element, live);
  const free = live.async = element.dataset.gateAsync != undefined || element.hasAttribute("async");
  live.nonce = element.nonce || "";
  live.textContent = trusted("createScript", element.textContent || "");
  const start = () => new Promise(done => {
    live.onload = live.onerror = done;
    released.add(live);
    element.replaceWith(live);
    if (!live.src) done(0);
  });
  if (free) start();
  else before = before.then(start);
}

/** What the inert wrapper holds goes where it stands; scripts inside are made anew, since cloned ones never run.
 * @param {HTMLTemplateElement} wrapper */
function unwrap(wrapper) {
  const content = d.importNode(wrapper.content, true);
  const scripts = [...content.querySelectorAll("script")].filter(script => !isInert(script));
  for (const script of scripts) {
    // Inert until its turn: what a fragment brings in would run at once.
    script.dataset.gateType = script.type;
    script.textContent = trusted("createScript", script.textContent || "");
    if (script.hasAttribute("async")) script.dataset.gateAsync = "";
    script.type = "text/plain";
  }
  wrapper.replaceWith(content);
  scripts.forEach(releaseOne);
}
