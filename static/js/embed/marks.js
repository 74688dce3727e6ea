/* Marked-up elements, ours and those of other managers: what each one waits for, and how it becomes live again. */

const MARKED = "[type='text/plain'],[type=opt-in],[data-gate],template,[data-category],[data-name],[data-cookieconsent],[data-usercentrics],[data-cookieyes],[class*=optanon]";

const SOURCES = /^data-(?:gate-(?!settings$|embed$)(.+)|(?:cookieblock-|uc-|cmplz-|blocked-)?(src|srcset|href|data|poster|async|defer|type))$/;

/** What mark-up gives back: addresses, and what a script is loaded with. Attributes that begin with `data-` get through every
 * sanitiser, so that nothing that would run may be among them. */
const GIVEN = /^(src|(image)?srcset|href|data|poster|media|sandbox|type|async|defer|nomodule|crossorigin|integrity|referrerpolicy)$/;

/** The names that an element waits for, all of them; null where it is not marked up.
 * @param {HTMLElement} element @returns {string[] | null} */
function marksOf(element) {
  const data = element.dataset;
  const groups = (element.getAttribute("class") || "").match(/optanon-category-[\w-]+/);
  const name = data.gate || data.cookieconsent || data.usercentrics || data.cookieyes || data.purpose || data.category || data.name ||
    (groups ? groups[0].slice(17).replace(/-/g, ",") : "");
  if (!name || name == "ignore") return null;
  return name.split(data.usercentrics ? "\0" : data.gate ? /[ ,]/ : ",");
}

/** @param {HTMLElement} element */
function mayRun(element) {
  const names = marksOf(element), state = G.now();
  // A frame can be allowed by the service that its address belongs to, whatever its mark says.
  const service = element.localName == "iframe" && serviceAt(addressOf(element));
  return !!names && (names.every(name => {
    const what = meaning(name);
    // Held by us because nobody has named its host, or as a frame that the policy stops.
    return what ? G.allows(state, what) : state.all || !!service && G.allows(state, service);
  }) || !!service && state.services.includes(service));
}

/** @param {string} address @returns {URL | null} what is no address of the web is none */
function web(address) {
  try {
    const url = new URL(address, d.baseURI);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Where a held frame would go.
 * @param {Element} frame */
function addressOf(frame) {
  const aside = [...frame.attributes].find(({ name }) => (SOURCES.exec(name) || []).slice(1).includes("src"));
  return aside ? web(aside.value) : null;
}

/** The service that an address belongs to.
 * @param {URL | null} url */
const serviceAt = url => url && Object.keys(S.services).find(id => S.services[id][0] != "n" && within(url, S.services[id][1])) || "";

/** Whether this document's policy lets a frame go there.
 * @param {URL} url */
const passes = url => !G.policy || url.origin == location.origin || within(url, G.policy.split(" "));

/** Whether an element waits to be released: names like `data-category` mean other things elsewhere.
 * @param {HTMLElement} element */
function isInert(element) {
  if (element.localName == "script") return /^(text\/plain|opt-in)$/.test(/** @type {HTMLScriptElement} */ (element).type);
  if (element.localName == "template") return !!(element.dataset.gate || element.dataset.purpose);
  return [...element.attributes].some(({ name }) => SOURCES.test(name) && !/async|defer|type$/.test(name)) ||
    !!element.dataset.gate && isStyled(element);
}

/** @param {HTMLElement} element */
const isWaiting = element => !released.has(element) && isInert(element) && !!marksOf(element);

/** The marked-up elements of the document, in its order. Shadow trees are those that came with the page.
 * @param {ParentNode} tree */
const marked = tree => /** @type {HTMLElement[]} */ ([...tree.querySelectorAll(MARKED)]).filter(isWaiting);

/** @param {string} address */
const isCode = address => Object.assign(d.createElement("a"), { href: address }).protocol == "javascript:";

/** The attribute that stands aside under `name`, "" where none does, or none that may come back.
 * @param {Element} element @param {string} name @param {string} value */
function asideUnder(element, name, value) {
  const [, ours = "", theirs = ""] = SOURCES.exec(name) || [];
  // A sandbox comes back to where it was taken from, and takes the place of none.
  if (name == "data-type" && element.localName != "script" || ours == "sandbox" && element.hasAttribute(ours)) return "";
  // The gate sets aside what an image does when it fails, which may begin like an address of code, and no other code.
  return isServed(element) && ours == "onerror" || (isServed(element) ? !/^on/.test(ours) : GIVEN.test(ours || theirs)) && !isCode(value) ? ours || theirs : "";
}

/** A live copy's attributes: what was set aside goes back where it came from.
 * @param {Element} from @param {Element} to */
function restore(from, to) {
  for (const { name, value } of [...from.attributes]) {
    const aside = asideUnder(from, name, value);
    if (aside) {
      setTrusted(to, aside, value);
      if (to == from) to.removeAttribute(name);
    } else if (to != from && !(name == "type" && from.localName == "script")) setTrusted(to, name, value);
  }
}
