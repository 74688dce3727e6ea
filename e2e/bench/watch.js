/* Says when the button with these words is there to be pressed: painted, not covered, not transparent.
   `self.paintedAt` is the browser's own time of the paint that first shows its words, `self.hitAt` the first frame
   in which a press was seen to meet it; milliseconds from the start of the navigation. The first is what is
   wanted; what fades in has only the second. Up to that paint this does no more than look for the button when
   something has been added. Whoever waits for the second hears of it by the console: a script that Playwright waits
   by is compiled in the page, a long task of its own on a slow phone. */
(words) => {
  let button = null;

  const opacity = () => {
    let product = 1;
    for (let each = button; each; each = each.parentElement) product *= getComputedStyle(each).opacity;
    return product;
  };

  const isThere = () => {
    const box = button.getBoundingClientRect();
    const hit = box.width && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return hit && button.contains(hit) && opacity() > 0.5;
  };

  const look = (frame) => {
    if (!isThere()) return requestAnimationFrame(look);
    self.hitAt = frame;
    console.debug("banner is there");
  };

  new PerformanceObserver((list) => {
    if (isThere()) self.paintedAt = list.getEntries()[0].renderTime;
  }).observe({ type: "element", buffered: true });

  new MutationObserver((_changes, observer) => {
    const buttons = [...document.querySelectorAll("button, [role=button]")];
    button = buttons.find((each) => each.textContent.trim() === words);
    if (!button) return;
    observer.disconnect();
    button.setAttribute("elementtiming", "banner");
    setTimeout(() => requestAnimationFrame(look), 200);
  }).observe(document, { childList: true, subtree: true });
}
