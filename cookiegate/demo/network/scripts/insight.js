// Stand-in for LinkedIn's Insight Tag.
const partners = window._linkedin_data_partner_ids || [];
store("ln_or", btoa(JSON.stringify(Object.fromEntries(partners.map((id) => [id, "d"])))), 1);
if (landing.get("li_fat_id")) store("li_fat_id", landing.get("li_fat_id"), 30);
const hit = (extra) => pixel("https://px.ads.linkedin.com/collect/", {
  v: "2", fmt: "js", pid: partners.join(","), time: Date.now(), url: location.href, ref: document.referrer, ...extra,
});
const queue = (window.lintrk && window.lintrk.q) || [];
window.lintrk = (action, detail = {}) => hit({ action, conversionId: detail.conversion_id || "" });
hit({});
queue.splice(0).forEach(([action, detail]) => window.lintrk(action, detail));
