/* What is held: by a policy in the page, which also catches what no element shows, and by making inert what the parser
   or a script puts in. Policies cannot be widened: `policy` says what this document was given. */

/** Source expressions that pass for `state`, beyond the site's own.
 * @param {State} state @returns {string[]} */
const passing = state => S.allow.concat(...Object.keys(S.services).filter(id => allows(state, id)).map(sourcesOf));

/** `*.x` is written for itself and `x`, `x/path` for itself and what lies below it.
 * @param {string} id @returns {string[]} */
const sourcesOf = id => [].concat(.../** @type {any} */ (S.services[id][1].map(source =>
  source[0] == "*" ? [source, source.slice(2)] : /\/[^./]+$/.test(source) ? [source, source + "/"] : [source])));

/** The policy of a document, "" where everything is granted.
 * @param {State} state */
function policyOf(state) {
  if (state.all || !S.policy) return "";
  const thirds = passing(state);
  return [S.policy, home].concat(thirds, thirds.filter(source => !source.includes("/")).map(source => "wss://" + source)).join(" ");
}

/** What Next.js and React Router hand to their own client: one string, from end to end. */
const DATA = /^(self\.__next_f\.push|window\.__reactRouter.+)\(.+'\]?\);?$/;

/** Types that a browser runs, with white space around them, in any case: HTML standard, "prepare the script element". */
const RUNS = /^\s*(module|.+\/(x-)?(java|ecma|j|live)script[\d.]*)?\s*$/i;

/** Whether the policy stops a frame: in the place of one that it does the browser would build a page of its own, which
 * says that something is blocked, and takes longer than all that is ours.
 * @param {string} source */
const isStopped = source => /^http/.test(source) && !policy.split(" ").concat(location.host).some(part => source.includes(part.replace(/:?\*/g, "")));

/** Makes a script or frame of a known service inert, and a frame of whoever nobody knows; all else of theirs is the
 * policy's to stop. Attributes alone change, so that hydration finds its page.
 * @param {any} element */
function hold(element) {
  if (!element || isPlugin(element)) return;
  const script = element.localName == "script";
  if (script ? !RUNS.test(element.type) : element.localName != "iframe") return;
  // A script in a drawing has `href`, which its type alone makes inert.
  const source = element.src || (element.href || "").baseVal, text = source || script && element.textContent.replace(/["`]/g, "'");
  // A framework's data may hold a tracker's snippet, and is none: without it the page would have no framework.
  if (!text || !source && DATA.test(text.trim())) return;
  const id = Object.keys(S.services).find(id => {
    const [, , calls] = S.services[id];
    // Hosts that stand in ordinary links make no inline script a tracker: those services have no calls at all.
    return !allows(now, id) && (source || calls) && sourcesOf(id).map(host => host[0] == "*" ? host.slice(1) : "//" + host).concat(source ? [] : /** @type {string[]} */ (calls)).some(part => text.includes(part));
  }) || !script && isStopped(source) && source.split("/")[2];
  if (!id) return;
  element.dataset.gate = id;
  if (element.src) element.dataset.gateSrc = source;
  element.removeAttribute("src");
  // Its address taken away, a frame is on its way to a new empty document, which costs more than all that is ours: it keeps
  // the one it has. Not at once, which would have the page laid out; not by a timer, which browsers hold back while a page
  // loads, so that the new document may be there first; not where it has an address again, or a sandbox.
  if (!script) return ((/** @type {any} */ (w).scheduler || {}).yield ? scheduler.yield() : soon).then(() => element.src || element.contentDocument && element.contentWindow.stop());
  element.dataset.gateType = element.type;
  element.type = "text/plain";
}

/** Whatever is read from one of these is asked of its plug-in, after a layout of the whole page.
 * @param {any} node */
const isPlugin = node => node instanceof HTMLObjectElement || node instanceof HTMLEmbedElement;

/** @param {any} node */
function holdIn(node) {
  const whole = isPlugin(node) || node.nodeType == 1;
  // The text of a script may come after its element.
  hold(whole ? node : node.parentNode);
  if (whole) Element.prototype.querySelectorAll.call(node, "script,iframe").forEach(hold);
}
