document.querySelectorAll(".calendly-inline-widget").forEach(function (place) {
  var frame = document.createElement("iframe");
  frame.dataset.thirdParty = "calendly";
  frame.src = place.dataset.url;
  frame.style.cssText = "border:0;width:100%;height:100%";
  place.append(frame);
});
