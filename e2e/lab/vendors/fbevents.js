/* A stand-in for a pixel: it replays the queued calls to its collection host. */
(function () {
  "use strict";
  (window.ran = window.ran || []).push("fbevents");
  var queue = (window.fbq && window.fbq.queue) || [];
  document.cookie = "_fbp=fb.1.555.666; path=/; max-age=7776000";
  new Image().src = "https://www.facebook.com/tr?calls=" +
    encodeURIComponent(JSON.stringify(Array.prototype.map.call(queue, function (call) { return [].slice.call(call); })));
})();
