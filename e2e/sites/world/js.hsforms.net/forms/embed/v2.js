window.hbspt = { forms: { create: function (options) {
  var frame = document.createElement("iframe");
  frame.dataset.thirdParty = "hsforms";
  frame.src = "https://forms.hsforms.com/embed/v3/form/" + options.portalId + "/" + options.formId;
  frame.style.cssText = "border:0;width:100%;height:280px";
  document.currentScript.parentNode.append(frame);
} } };
