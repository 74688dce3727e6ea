import { createElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { Document } from "./document.js";

window.recovered = [];
const loading = document.querySelector("script[src^='/node/react']").async ? "bootstrap" : "defer";
hydrateRoot(document, createElement(Document, { version: REACT, loading }), {
  onRecoverableError: (error) => window.recovered.push(String(error)),
});
