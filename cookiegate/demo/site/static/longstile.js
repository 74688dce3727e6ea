// Miles or kilometres, and the live count. Every page works without it.
const read = (name) => (document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`)) || "").slice(name.length + 1);

const showUnits = (units) => {
  document.querySelectorAll("[data-miles]").forEach((place) => {
    const miles = Number(place.dataset.miles);
    place.textContent = units === "km" ? `${Math.round(miles * 1.609)} km` : `${miles} miles`;
  });
  document.querySelectorAll("[data-units]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.units === units));
  });
};
document.querySelectorAll("[data-units]").forEach((button) => button.addEventListener("click", () => {
  document.cookie = `units=${button.dataset.units}; path=/; max-age=31536000; samesite=lax`;
  showUnits(button.dataset.units);
}));
showUnits(read("units") || "miles");

const put = (selector, text, root = document) => {
  const place = root.querySelector(selector);
  if (place && place.textContent !== String(text)) place.textContent = text;
};

const showRow = (row) => {
  const line = document.querySelector(`[data-service="${CSS.escape(row.id)}"]`);
  if (!line) return;
  put("[data-row-held]", row.held, line);
  put("[data-row-requests]", row.requests, line);
  line.classList.toggle("reached", row.requests > 0);
};

const described = (seen) => {
  const details = document.createElement("details");
  const summary = details.appendChild(document.createElement("summary"));
  const host = summary.appendChild(document.createElement("b"));
  host.textContent = seen.host;
  summary.append(` ${seen.method} ${seen.path}`);
  const list = details.appendChild(document.createElement("dl"));
  const rows = Object.entries(seen.parameters);
  (rows.length ? rows : [["nothing", "but the request itself"]]).forEach(([name, value]) => {
    const row = list.appendChild(document.createElement("div"));
    row.appendChild(document.createElement("dt")).textContent = name;
    row.appendChild(document.createElement("dd")).textContent = value;
  });
  return details;
};

let newest = null;
const showLast = (last) => {
  const place = document.querySelector("[data-last]");
  const number = last.length ? last[0].number : 0;
  const first = newest === null;
  if (!place || number === newest) return;
  newest = number;
  if (!first && last.length) place.replaceChildren(...last.map(described));
};

const show = (report) => {
  const counter = document.querySelector("[data-counter]");
  if (counter) counter.classList.toggle("reached", report.total > 0);
  put("[data-counter-number]", report.reachable ? report.total : "?");
  put("[data-counter-text]", report.reachable ? `request${report.total === 1 ? "" : "s"} to trackers` : "trackers silent");
  put("[data-total]", report.total);
  put("[data-held]", report.held);
  put("[data-choice]", report.choice);
  put("[data-sentence]", report.sentence);
  report.services.forEach(showRow);
  showLast(report.last);
};

const ask = async () => {
  if (document.hidden) return;
  try {
    show(await (await fetch("/demo/network.json")).json());
  } catch {
    put("[data-counter-number]", "×");
    put("[data-counter-text]", "the demo has ended");
    clearInterval(asking);
  }
};
const asking = setInterval(ask, 1500);
ask();
