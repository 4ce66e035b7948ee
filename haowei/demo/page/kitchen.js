// The kitchen wall: the printers of one store, their lamps and switches, and the paper that comes out of them.

import { byId, dot, el, fillTabs, icon, post, stamp } from "./dom.js";
import { drawPaper } from "./paper.js";

const MOST_PAPERS = 20;
const STATES = {
  off: "已关机", paper_out: "缺纸", cover_open: "盖子开着", offline: "脱机", never_reads: "不收数据", resets_mid_job: "老断线",
  slow: "打得慢", answers_late: "回执慢", status_only: "没有回执", no_status: "不报状态",
};

function zoom(paper, title) {
  const dialog = byId("zoom");
  const close = el("button", { class: "plain close", "aria-label": "关闭", onclick: () => dialog.close() }, icon("close"));
  dialog.replaceChildren(el("p", {}, title), close, el("div", { class: "sheet-of-paper" }, drawPaper(paper)));
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.showModal();
}

function paperElement(paper, label) {
  const title = `${label} 第 ${paper.number} 张`;
  const remarks = [`第 ${paper.number} 张`, paper.beeps && `响 ${paper.beeps} 声`, paper.faulty && "有打印机不认识的内容"].filter(Boolean);
  const sheet = el("button", { class: `paper${paper.columns < 40 ? " narrow" : ""}`, title: "点开看大图", onclick: () => zoom(paper, title) },
    el("span", { class: "unseen" }, paper.text), drawPaper(paper));
  return el("article", { class: "feed", "aria-label": title },
    el("div", { class: "feed-inside" }, sheet, el("small", { class: paper.faulty && "bad" }, remarks.join(" · "))));
}

export class Kitchen {
  constructor(root) {
    this.shown = null;
    this.unseen = new Set(); // stores with paper that nobody has looked at
    this.panels = new Map();
    this.tabs = el("div", { class: "stores", role: "tablist", "aria-label": "门店" });
    this.counter = el("span", { class: "counter" });
    this.wall = el("div", { class: "printers" });
    root.append(el("header", {}, el("h2", {}, "出单"), this.tabs, this.counter), this.wall);
  }

  reset(state) {
    Object.assign(this, { stores: state.stores, papers: state.papers, faults: state.live.faults });
    this.unseen.clear();
    this.show(this.stores.some((store) => store.id === this.shown) ? this.shown : this.stores[0]?.id);
  }

  show(id) {
    const store = this.stores.find((one) => one.id === id);
    this.shown = id;
    this.unseen.delete(id);
    this.panels = new Map();
    const panels = (store?.printers ?? []).map((printer) => this.#panel(store, printer));
    const columns = panels.length === 4 ? 2 : Math.min(3, panels.length || 1);
    this.wall.style.setProperty("--columns", columns);
    this.wall.style.setProperty("--rows", Math.ceil(panels.length / columns) || 1);
    this.wall.replaceChildren(...(panels.length ? panels : [el("p", { class: "empty" }, "这家店还没有打印机。在门店文件里写上 printers，重新启动就会出现。")]));
    this.live(this.faults);
    this.#count();
  }

  paper({ store, printer, paper }) {
    const papers = ((this.papers[store] ??= {})[printer] ??= []);
    if (papers.at(-1)?.number >= paper.number) return;
    papers.push(paper);
    if (papers.length > MOST_PAPERS) papers.shift();
    const panel = store === this.shown && this.panels.get(printer);
    if (panel) {
      const feed = paperElement(paper, panel.name.textContent);
      feed.classList.add("new");
      panel.outlet.querySelector(".empty")?.remove();
      panel.outlet.prepend(feed);
      panel.outlet.scrollTop = 0;
      if (panel.outlet.children.length > MOST_PAPERS) panel.outlet.lastChild.remove();
    } else this.unseen.add(store);
    this.#count();
  }

  live(faults) {
    this.faults = faults;
    for (const [id, panel] of this.panels) {
      const now = faults[this.shown]?.[id] ?? [];
      panel.state.textContent = now.map((fault) => STATES[fault] ?? fault).join("、") || "正常";
      panel.lamp.className = `lamp ${now.includes("off") ? "dark" : now.length ? "red" : "green"}`;
      for (const button of panel.buttons.children) button.setAttribute("aria-pressed", String(now.includes(button.dataset.fault)));
    }
  }

  #panel(store, printer) {
    const panel = stamp("printer");
    const papers = this.papers[store.id]?.[printer.id] ?? [];
    panel.printer.dataset.printer = printer.id;
    panel.printer.setAttribute("aria-label", `${printer.label}打印机`);
    panel.name.textContent = printer.label;
    panel.outlet.setAttribute("aria-label", `${printer.label}出的单`);
    panel.outlet.append(...(papers.length ? papers.map((paper) => paperElement(paper, printer.label)).reverse() : [el("p", { class: "empty" }, "纸已装好，等第一张单。")]));
    panel.buttons.onclick = ({ target }) => {
      const button = target.closest("button");
      const where = [store.id, printer.id].map(encodeURIComponent).join("/");
      if (button) post(`/printers/${where}/fault`, { fault: button.dataset.fault, on: button.getAttribute("aria-pressed") !== "true" });
    };
    this.panels.set(printer.id, panel);
    return panel.printer;
  }

  #count() {
    let sum = 0;
    for (const [id, panel] of this.panels) {
      const number = this.papers[this.shown]?.[id]?.at(-1)?.number ?? 0;
      panel.count.textContent = `${number} 张`;
      sum += number;
    }
    this.counter.textContent = `本店共出 ${sum} 张`;
    fillTabs(this.tabs, this.stores.map(({ id, name }) => ({ chosen: id === this.shown, content: [name, this.unseen.has(id) && dot("有新单")], choose: () => this.show(id) })));
  }
}
