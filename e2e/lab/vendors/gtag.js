/* A stand-in for a Google tag: it reports what it can see, once for the page and once for each later consent
   update, to the collection host of the real one. */
(function () {
  "use strict";
  (window.ran = window.ran || []).push("gtag");
  var state = {}, order = [], config = null;
  function report(reason) {
    var query = new URLSearchParams({
      why: reason,
      dl: location.href,
      dr: document.referrer,
      tid: config || "",
      order: order.join(" "),
      consent: JSON.stringify(state)
    });
    new Image().src = "https://www.google-analytics.com/g/collect?" + query;
  }
  function take(entry, live) {
    if (!entry || typeof entry.length !== "number") return;
    var command = entry[0];
    if (command === "consent") {
      order.push(entry[1]);
      Object.assign(state, entry[2]);
      if (live) report("consent");
    } else if (command === "config") {
      order.push("config");
      config = entry[1];
      if (live) report("config");
    }
  }
  var layer = window.dataLayer = window.dataLayer || [];
  for (var i = 0; i < layer.length; i++) take(layer[i], false);
  var push = layer.push;
  layer.push = function () {
    var length = push.apply(layer, arguments);
    for (var i = 0; i < arguments.length; i++) take(arguments[i], true);
    return length;
  };
  document.cookie = "_ga=GA1.1.111.222; path=/; max-age=63072000";
  report("load");
})();
