/* Pages that the gate has rewritten itself: what it puts in the place of what it sets aside. */

/** Put into a style sheet before a held address, and into attributes. */
const PREFIX = /data:,gate#/g, STAND_IN = /^(data:([\w/]+)?,({})?|not all|gate|text\/plain|\/_gate\/held.*|)$/;

/** What the gate puts before its mark, by element. Others may be called anything, `constructor` too.
 * @type {Record<string, string[]>} */
const STAND_INS = /** @type {any} */ ({
  __proto__: null,
  script: ["type"], style: ["type"], img: ["src"], image: ["src"], input: ["src"], track: ["src"], bgsound: ["src"],
  source: ["src", "srcset", "media"], iframe: ["src", "srcdoc"], frame: ["src"], embed: ["src"], object: ["data"],
  link: ["href"], base: ["href"], meta: ["http-equiv", "name"]
});

/** Whether the mark stands where the gate puts it: there it has renamed those of the page's own.
 * @param {Element} element */
function isMarkedFirst(element) {
  const names = [...element.attributes].map(({ name }) => name), before = names.slice(0, names.indexOf("data-gate"));
  return before.every(name => (STAND_INS[element.localName] || []).includes(name));
}

/** Whether the gate has put this element's attributes aside: in its pages every name of the page's own that begins like
 * ours has been changed.
 * @param {Element} element */
const isServed = element => isMarkedFirst(element) && (G.served ? G.served.has(element) : !S.inserted || !S.inserted.has(element));

/** @param {Element} element */
const styleOf = element => element.localName == "style" ? element.textContent || "" : element.getAttribute("style") || "";
/** @param {string} css */
const unheld = css => css.replace(PREFIX, "");

/** Whether its style is held.
 * @param {Element} element */
const isStyled = element => styleOf(element) != unheld(styleOf(element));

/** Takes away what stands in for something, and what stands in its style.
 * @param {Element} element */
function standAside(element) {
  for (const { name, value } of [...element.attributes]) if (/^(src|srcset|media|href|data|srcdoc|name|http-equiv|type)$/.test(name) && STAND_IN.test(value)) element.removeAttribute(name);
  if (!isStyled(element)) return;
  const css = unheld(styleOf(element));
  if (element.localName == "style") element.textContent = css;
  else element.setAttribute("style", css);
}
