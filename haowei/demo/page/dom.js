// Elements, icons and calls to the demo's server. Whatever comes from a chat becomes a text node, never markup.

export const byId = (id) => document.getElementById(id);

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value == null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== false && child != null));
  return node;
}

export const el = (tag, attributes, ...children) => build(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => build(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
export const icon = (name) => svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
export const dot = (words) => el("i", { class: "dot" }, el("span", { class: "unseen" }, words));

// A copy of a template, and its named parts.
export function stamp(id) {
  const copy = byId(id).content.cloneNode(true);
  const parts = Object.fromEntries([...copy.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  return { copy, ...parts };
}

// A row of tabs: the chosen one takes the focus, arrows move on.
export function fillTabs(row, tabs, ...others) {
  const focused = row.contains(document.activeElement);
  row.replaceChildren(...tabs.map(({ chosen, label, content, choose }) =>
    el("button", { role: "tab", "aria-selected": String(chosen), tabindex: chosen ? 0 : -1, "aria-label": label, onclick: choose }, content)), ...others);
  row.onkeydown = ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) tabs.at((tabs.findIndex((tab) => tab.chosen) + step) % tabs.length).choose();
  };
  if (focused) row.querySelector('[aria-selected="true"]')?.focus();
}

export function toast(words) {
  byId("toast").textContent = words;
  byId("toast").animate({ visibility: ["visible", "visible"], opacity: [1, 1, 0], offset: [0, 0.9, 1] }, 4000);
}

export async function post(path, body = {}) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (answer.ok) return await answer.json();
    toast(await answer.text());
  } catch {
    toast("演示程序没有应答，正在重连。");
  }
  return null;
}
