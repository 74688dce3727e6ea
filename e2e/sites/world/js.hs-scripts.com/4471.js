/* The suite's loader: its analytics, and its chat in a corner. */
["https://js.hs-analytics.net/analytics/4471.js", "https://js.usemessages.com/conversations-embed.js"].forEach(function (url) {
  var script = document.createElement("script");
  script.src = url;
  document.head.append(script);
});
var chat = document.createElement("div");
chat.dataset.thirdParty = "hubspot-chat";
chat.style.cssText = "position:fixed;right:16px;bottom:16px;width:60px;height:60px;border-radius:30px;background:#f60";
document.body.append(chat);
