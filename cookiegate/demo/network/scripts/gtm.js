// Stand-in for a Tag Manager container with two tags in it: Microsoft Advertising, and Google Ads remarketing.
const container = new URL(document.currentScript.src).searchParams.get("id");
const layer = (window.dataLayer = window.dataLayer || []);
const consent = {};
layer.filter((entry) => entry[0] === "consent").forEach((entry) => Object.assign(consent, entry[2]));

window.google_tag_manager = Object.assign(window.google_tag_manager || {}, { [container]: { dataLayer: layer } });
if (consent.ad_storage !== "denied") {
  pixel("https://googleads.g.doubleclick.net/pagead/viewthroughconversion/700700700/", {
    url: location.href, ref: document.referrer, gclid: landing.get("gclid") || "",
  });
}
// The advertiser's own HTML tag: Tag Manager runs it whatever the consent state is, unless told otherwise.
window.uetq = window.uetq || [];
add("https://bat.bing.com/bat.js");
