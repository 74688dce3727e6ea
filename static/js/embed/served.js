/* Pages that the gate has rewritten itself: what it puts in the place of what it sets aside. */

/** Put into a style sheet before a held address, and into attributes. */
const PREFIX = /data:,gate#/g, STAND_IN = /^(data:([\w/]+)?,({})?|not all|gate|text\/plain|\/_gate\/held.*|)$/;

/** Whether the gate has put this element's attributes aside: in its pages every name of the page's own that begins like
 * ours has been changed.
 * @param {Element} element */
const isServed = element => !G.served || G.served.has(element);

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
