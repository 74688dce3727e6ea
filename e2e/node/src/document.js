/* A page that React owns whole: html, head and body, with tags of trackers among its elements. */
import { createElement as h, useEffect, useState } from "react";

export function Document({ version, loading }) {
  const [count, setCount] = useState(0);
  useEffect(() => { window.hydrated = true; }, []);
  return h("html", { lang: "en" },
    h("head", null,
      h("meta", { charSet: "utf-8" }),
      h("title", null, `React ${version}`),
      h("link", { rel: "icon", href: "data:," }),
      h("script", { src: "https://www.google-analytics.com/analytics.js" }),
      loading === "defer" && h("script", { src: `/node/react${version}.js`, defer: true })),
    h("body", { className: "page" },
      h("header", null, h("a", { href: "/plain" }, "Home")),
      h("main", null,
        h("h1", null, `React ${version}`),
        h("p", null, "Pressed ", h("output", { id: "count" }, count), " times"),
        h("button", { id: "more", onClick: () => setCount(count + 1) }, "More"),
        h("img", { src: "https://www.facebook.com/tr?id=1", alt: "", width: 1, height: 1 }),
        h("iframe", { src: "https://www.youtube.com/embed/abc", title: "A film", width: 320, height: 180 }),
        h("section", null, h("div", null, "A section of the page's own"))),
      h("footer", null, "The end")));
}
