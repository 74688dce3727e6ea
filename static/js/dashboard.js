// Makes the dashboard smoother where script runs; nothing needs it. A link or form that stays on the page of a site
// is fetched and put in place, so that nothing jumps; a bar's figures are written under the chart.
(() => {
  const here = () => document.getElementById("main");
  const stays = (url) => url.origin === location.origin && url.pathname === location.pathname && url.pathname.startsWith("/sites/");
  let asked = 0;

  async function go(url, push) {
    const mine = ++asked;
    here().setAttribute("aria-busy", "true");
    let page;
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.redirected) throw new Error();
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // A form that was refused comes again as it was filled; any other fault is a page of its own.
      if (!answer.ok && !page.querySelector("[aria-invalid]")) throw new Error();
    } catch {
      location.assign(url);
      return;
    }
    if (mine !== asked) return;
    const active = document.activeElement;
    const focused = active && active.getAttribute("href");
    const typed = active && here().contains(active) && active.id;
    const opened = [...document.querySelectorAll("details[open] > summary")].map((s) => s.textContent);
    if (push) history.pushState(null, "", url);
    document.title = page.title;
    page.querySelector("[autofocus]")?.removeAttribute("autofocus"); // it is given here, and the browser complains of two
    here().replaceWith(document.adoptNode(page.getElementById("main")));
    for (const summary of document.querySelectorAll("summary")) if (opened.includes(summary.textContent)) summary.parentElement.open = true;
    const same = focused && [...here().querySelectorAll("a[href]:not([tabindex])")].find((a) => a.getAttribute("href") === focused);
    const place = url.hash && document.getElementById(url.hash.slice(1));
    const field = typed && document.getElementById(typed);
    const wrong = here().querySelector("[aria-invalid]");
    (wrong || place || field || same || here()).focus({ preventScroll: !place });
    if (field && field.type === "search") field.setSelectionRange(field.value.length, field.value.length);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href]:not([download])");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.getAttribute("href"), location.href);
    if (!stays(url)) return;
    event.preventDefault();
    go(url, true);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "get" || !form.closest("main")) return;
    event.preventDefault();
    go(new URL(`?${new URLSearchParams(new FormData(form))}`, location.href), true);
  });
  addEventListener("popstate", () => go(new URL(location.href), false));
  document.addEventListener("pointerover", (event) => {
    const output = document.querySelector(".hover");
    if (!output) return;
    const step = event.target.closest(".chart a, .chart g");
    output.textContent = step ? step.querySelector("title").textContent : "";
  });
})();
