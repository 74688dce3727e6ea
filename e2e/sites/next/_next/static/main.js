/* Hydration as frameworks do it: what the server sent is compared with what the client would draw, node by node, and
   then taken over in place. A difference is an error on the console, as React's is. */
import { long } from "dates";
import { hydrate, element as h } from "fieldnotes/hydrate.js";

const { notes } = JSON.parse(document.querySelector("#__NEXT_DATA__").textContent).props.pageProps;
const image = (w) => `/_next/image?url=%2Fhero.png&w=${w}&q=75`;
let reads = 0;

const page = [
  h("header", { class: "top" }, h("a", { href: "/" }, "Fieldnotes"),
    h("button", { id: "theme", type: "button", onclick: dark }, "Theme: light")),
  h("main", {},
    h("h1", {}, "Notes from the field"),
    h("img", { alt: "A hedge", width: "640", height: "320", decoding: "async",
      srcset: `${image(640)} 1x, ${image(1200)} 2x`, src: image(1200) }),
    h("ul", { class: "notes" }, ...notes.map((note) => h("li", {},
      h("img", { alt: "", width: "48", height: "48" }),
      h("span", {}, note.title),
      h("time", { datetime: note.date }, note.date)))),
    h("iframe", { title: "The meadow", width: "640", height: "240" }),
    h("p", {}, "Read ", h("output", { id: "reads" }, "0"), " times ", h("button", { id: "read", type: "button", onclick: read }, "Read"))),
];

function dark() { document.body.classList.toggle("dark"); }
function read() { document.querySelector("#reads").textContent = String(++reads); }

hydrate(document.querySelector("#__next"), page);
document.querySelectorAll("time").forEach((time) => { time.textContent = long(time.dateTime); });
read();
