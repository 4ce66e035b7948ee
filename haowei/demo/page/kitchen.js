// The kitchen wall: the printers of one store, their lamps and switches, and the paper that comes out of them.

import { byId, dot, el, fillTabs, post, stamp } from "./dom.js";
import { drawPaper } from "./paper.js";

const MOST_PAPERS = 20;
const STATES = {
  off: "已关机", paper_out: "缺纸", cover_open: "盖子开着", offline: "脱机", never_reads: "不收数据", resets_mid_job: "老断线",
  slow: "打得慢", answers_late: "回执慢", status_only: "没有回执", no_status: "不报状态",
};

function zoom(paper, title) {
  byId("zoom-title").textContent = title;
  byId("zoom-paper").replaceChildren(drawPaper(paper));
  byId("zoom").showModal();
}

function sheet(paper, label) {
  const title = `${label} 第 ${paper.number} 张`;
  const remarks = [`第 ${paper.number} 张`, paper.beeps && `响 ${paper.beeps} 声`, paper.faulty && "有打印机不认识的内容"].filter(Boolean);
  const print = el("button", { class: `paper${paper.columns < 40 ? " narrow" : ""}`, title: "点开看大图", onclick: () => zoom(paper, title) },
    el("span", { class: "unseen" }, paper.text), drawPaper(paper));
  return el("article", { class: "feed", "aria-label": title }, print, el("small", { class: paper.faulty && "bad" }, remarks.join(" · ")));
}

export class Kitchen {
  unseen = new Set(); // stores with paper that nobody has looked at

  reset(state) {
    Object.assign(this, { stores: state.stores, papers: state.papers, faults: state.live.faults });
    this.unseen.clear();
    this.show(this.stores.some((store) => store.id === this.shown) ? this.shown : this.stores[0]?.id);
  }

  show(id) {
    const store = this.stores.find((one) => one.id === id);
    this.shown = id;
    this.unseen.delete(id);
    this.panels = new Map((store?.printers ?? []).map((printer) => [printer.id, this.#panel(store, printer)]));
    const wall = byId("printers");
    wall.dataset.count = this.panels.size;
    wall.replaceChildren(...[...this.panels.values()].map((panel) => panel.printer));
    if (!this.panels.size) wall.append(el("p", { class: "empty" }, "这家店还没有打印机。在门店文件里写上 printers，重新启动就会出现。"));
    this.live(this.faults);
  }

  paper({ store, printer, paper }) {
    const papers = ((this.papers[store] ??= {})[printer] ??= []);
    if (papers.at(-1)?.number >= paper.number) return;
    papers.push(paper);
    if (papers.length > MOST_PAPERS) papers.shift();
    if (store === this.shown) this.#hang(this.panels.get(printer), papers).classList.add("new");
    else this.unseen.add(store);
    this.live(this.faults);
  }

  live(faults) {
    this.faults = faults;
    let sum = 0;
    for (const [id, panel] of this.panels) {
      const now = faults[this.shown]?.[id] ?? [];
      const number = this.papers[this.shown]?.[id]?.at(-1)?.number ?? 0;
      panel.state.textContent = now.map((fault) => STATES[fault] ?? fault).join("、") || "正常";
      panel.lamp.className = `lamp ${now.includes("off") ? "dark" : now.length ? "red" : "green"}`;
      panel.count.textContent = `${number} 张`;
      for (const button of panel.buttons.children) button.setAttribute("aria-pressed", String(now.includes(button.dataset.fault)));
      sum += number;
    }
    byId("counter").textContent = `本店共出 ${sum} 张`;
    fillTabs(byId("stores"), this.stores.map(({ id, name }) =>
      ({ chosen: id === this.shown, content: [name, this.unseen.has(id) && dot("有新单")], choose: () => this.show(id) })));
  }

  #panel(store, printer) {
    const panel = stamp("printer");
    const address = `/printers/${encodeURIComponent(store.id)}/${encodeURIComponent(printer.id)}/fault`;
    panel.printer.dataset.printer = printer.id;
    panel.printer.setAttribute("aria-label", `${printer.label}打印机`);
    panel.name.textContent = printer.label;
    for (const button of panel.buttons.children) {
      button.onclick = () => post(address, { fault: button.dataset.fault, on: button.getAttribute("aria-pressed") !== "true" });
    }
    this.#hang(panel, this.papers[store.id]?.[printer.id] ?? []);
    return panel;
  }

  // Hangs a printer's papers below its slot, newest on top, and gives the newest.
  #hang({ outlet, name }, papers) {
    outlet.replaceChildren(...papers.map((paper) => sheet(paper, name.textContent)).reverse());
    if (!papers.length) outlet.append(el("p", { class: "empty" }, "纸已装好，等第一张单。"));
    outlet.scrollTop = 0;
    return outlet.firstChild;
  }
}
