import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { Document } from "./document.js";

export function render(loading) {
  const html = "<!DOCTYPE html>" + renderToString(createElement(Document, { version: REACT, loading }));
  /* As React's own `bootstrapScripts` does: outside the tree, last in body. */
  const bootstrap = `<script src="/node/react${REACT}.js" async=""></script></body>`;
  return loading === "bootstrap" ? html.replace("</body>", bootstrap) : html;
}
