// What each stand-in script begins with: a first-party cookie jar and a beacon, as vendors' scripts have.
const store = (name, value, days) => {
  const attributes = `; max-age=${days * 86400}; path=/; samesite=lax`;
  const labels = location.hostname.split(".");
  // Widest domain first, as the vendors do; the browser refuses a public suffix and the next one is tried.
  for (let count = 1; count <= labels.length; count += 1) {
    const domain = labels.slice(-count).join(".");
    document.cookie = `${name}=${value}; domain=${domain}${attributes}`;
    if (read(name) === value) return;
  }
  document.cookie = `${name}=${value}${attributes}`;
};
const read = (name) => {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found && found.slice(name.length + 1);
};
const remembered = (name, make, days) => {
  const value = read(name) || make();
  store(name, value, days);
  return value;
};
const digits = () => String(Math.floor(Math.random() * 9e9) + 1e9);
const send = (url, parameters) => {
  const query = new URLSearchParams(parameters);
  navigator.sendBeacon(`${url}?${query}`) || fetch(`${url}?${query}`, { method: "POST", mode: "no-cors", keepalive: true });
};
const pixel = (url, parameters) => {
  new Image().src = `${url}?${new URLSearchParams(parameters)}`;
};
const landing = new URLSearchParams(location.search);
const add = (src) => {
  const script = document.createElement("script");
  script.async = true;
  script.src = src;
  document.head.append(script);
};
