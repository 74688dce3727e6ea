/* Placeholders for embeds that a held script would have built. They go inside the vendor's own empty container,
   after hydration, in a shadow root that no style of the page reaches. */
(function () {
  "use strict";
  var embeds = JSON.parse(document.currentScript.dataset.embeds);
  var css = ":host{display:block;color-scheme:light dark}" +
    "div{box-sizing:border-box;display:grid;gap:.75em;padding:1em;border:1px solid GrayText;border-radius:.5em;background:Canvas;color:CanvasText;font:medium/1.5 system-ui,sans-serif;text-align:start}" +
    "p{margin:0}form{display:flex;flex-wrap:wrap;gap:.75em;margin:0}" +
    "button{min-height:44px;padding:.5em 1em;border:1px solid CanvasText;border-radius:.5em;background:CanvasText;color:Canvas;font:inherit;font-weight:600;cursor:pointer}" +
    "button:focus-visible{outline:3px solid CanvasText;outline-offset:2px}";

  function make(name, values) {
    return Object.assign(document.createElement(name), values);
  }

  function fill(container, embed) {
    if (container.querySelector("[data-gate-embed]")) return;
    // A form inside the page's own form would be lost: the buttons make one of their own when pressed.
    var host = make("span");
    host.dataset.gateEmbed = embed.id;
    var root = host.attachShadow({ mode: "open" }), box = make("div"), row = make("form");
    row.append(make("button", { type: "button", textContent: embed.once, onclick: function () { send("once", embed.id); } }),
      make("button", { type: "button", textContent: embed.always, onclick: function () { send("always", embed.id); } }));
    box.append(make("p", { textContent: embed.text }), row);
    root.append(box);
    var sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    container.append(host);
  }

  function send(field, value) {
    var form = make("form", { method: "post", action: "/_gate/consent", hidden: true });
    form.dataset.turbo = "false";
    [[field, value], ["source", "placeholder"], ["return", location.pathname + location.search + location.hash]]
      .forEach(function (pair) { form.append(make("input", { type: "hidden", name: pair[0], value: pair[1] })); });
    document.body.append(form);
    form.submit();
  }

  function fillAll() {
    embeds.forEach(function (embed) {
      document.querySelectorAll(embed.selector).forEach(function (container) { fill(container, embed); });
    });
  }

  function soon() { setTimeout(fillAll, 50); }
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon);
})();
