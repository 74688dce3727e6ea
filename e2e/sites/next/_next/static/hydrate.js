export function element(name, attributes, ...children) { return { name, attributes, children }; }

export function hydrate(root, wanted) { children(root, wanted, "root"); document.documentElement.dataset.hydrated = "yes"; }

function children(node, wanted, where) {
  const found = [...node.childNodes];
  if (found.length !== wanted.length) { mismatch(where, `${found.length} nodes instead of ${wanted.length}`); return; }
  wanted.forEach((child, at) => one(found[at], child, `${where}/${child.name || "text"}`));
}

function one(node, wanted, where) {
  if (typeof wanted === "string") {
    if (node.nodeType !== 3 || node.data !== wanted) mismatch(where, `text ${node.textContent}`);
    return;
  }
  if (node.nodeType !== 1 || node.localName !== wanted.name) { mismatch(where, node.nodeName); return; }
  for (const [name, value] of Object.entries(wanted.attributes)) {
    if (typeof value === "function") node[name] = value;
    else if (node.getAttribute(name) !== value) mismatch(where, `${name}=${node.getAttribute(name)}`);
  }
  children(node, wanted.children, where);
}

function mismatch(where, what) { console.error(`Hydration failed at ${where}: ${what}`); }
