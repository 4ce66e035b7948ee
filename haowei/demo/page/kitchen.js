// The kitchen wall: the printers of one store and the paper that comes out of them.

import { arrowKeys, el, icon, post, svg } from "./dom.js";

const CELL = 12; // dots of a small half-width letter; a hanzi is 24 wide
const LINE = 30; // dots from line to line; 24 more when letters are tall
const QR_DOT = 7;
const MOST_PAPERS = 20;
const BUTTONS = [["off", "关机", "power"], ["paper_out", "缺纸", "roll"], ["cover_open", "开盖", "cover"]];
const STATES = {
  off: "已关机", paper_out: "缺纸", cover_open: "盖子开着", offline: "脱机", never_reads: "不收数据", resets_mid_job: "老断线",
  slow: "打得慢", answers_late: "回执慢", status_only: "没有回执", no_status: "不报状态",
};

const cells = (text) => [...text].reduce((sum, char) => sum + (char < "\x80" ? 1 : 2), 0);

// Every run of letters is put on its cells by position, so columns align whatever fonts are installed.
function drawLine(line, y, width) {
  const scale = line.wide ? 2 : 1;
  const free = width - cells(line.text) * CELL * scale;
  const left = { left: 0, center: free / 2, right: free }[line.align] ?? 0;
  const group = svg("g", { transform: `translate(${left} ${y}) scale(${scale} ${line.tall ? 2 : 1})`, class: line.bold && "bold" });
  for (const run of line.text.matchAll(/[!-~]+(?: [!-~]+)*|[\u3000-\u9fff\uff00-\uffef]+|[^ ]/gu)) {
    const x = cells(line.text.slice(0, run.index)) * CELL;
    const [text] = run;
    if (text < "\x80") group.append(svg("text", { x, y: 20, textLength: text.length * CELL, lengthAdjust: "spacingAndGlyphs" }, text));
    else if (text >= "\u3000") group.append(svg("text", { x: [...text].map((_, place) => x + place * 2 * CELL).join(" "), y: 20 }, text));
    else group.append(svg("text", { x: x + CELL, y: 20, "text-anchor": "middle" }, text));
  }
  return group;
}

function drawPaper(paper) {
  const width = paper.columns * CELL;
  const lines = [...paper.lines];
  while (lines.length && !lines.at(-1).text && !lines.at(-1).qr) lines.pop();
  let y = 0;
  const drawn = lines.map((line) => {
    const top = y;
    if (line.qr) {
      const size = line.qr.size * QR_DOT;
      y += size + LINE;
      return svg("path", { d: line.qr.path, transform: `translate(${(width - size) / 2} ${top + LINE / 2}) scale(${QR_DOT})` });
    }
    y += line.tall ? LINE + 24 : LINE;
    return line.text ? drawLine(line, top, width) : "";
  });
  return svg("svg", { viewBox: `0 0 ${width} ${y}`, class: "print", "aria-hidden": "true" }, drawn);
}

function paperElement(paper, label) {
  const title = `${label}第 ${paper.number} 张`;
  const zoom = () => {
    const dialog = document.getElementById("zoom");
    const close = el("button", { class: "plain close", "aria-label": "关闭", onclick: () => dialog.close() }, icon("close"));
    dialog.replaceChildren(el("p", {}, title), close, el("div", { class: "sheet-of-paper" }, drawPaper(paper)));
    dialog.onclick = (event) => event.target === dialog && dialog.close();
    dialog.showModal();
  };
  const remarks = [`第 ${paper.number} 张`, paper.beeps && `响 ${paper.beeps} 声`, paper.faulty && "有打印机不认识的内容"].filter(Boolean);
  return el("article", { class: "feed", "aria-label": title },
    el("div", { class: "feed-inside" },
      el("button", { class: `paper${paper.columns < 40 ? " narrow" : ""}`, title: "点开看大图", onclick: zoom },
        el("span", { class: "unseen" }, paper.text), drawPaper(paper)),
      el("small", { class: paper.faulty && "bad" }, remarks.join(" · "))));
}

export class Kitchen {
  constructor(root) {
    this.root = root;
    this.shown = null;
    this.unseen = new Map();
    this.tabs = el("div", { class: "stores", role: "tablist", "aria-label": "门店", onkeydown: arrowKeys });
    this.counter = el("span", { class: "counter" });
    this.wall = el("div", { class: "printers", role: "tabpanel", "aria-label": "打印机" });
    root.replaceChildren(el("header", {}, el("h2", {}, "出单"), this.tabs, this.counter), this.wall);
  }

  reset(state) {
    this.stores = state.stores;
    this.papers = state.papers;
    this.faults = state.live.faults;
    this.unseen.clear();
    if (!this.stores.some((store) => store.id === this.shown)) this.shown = this.stores[0]?.id;
    this.show(this.shown);
  }

  show(id) {
    const store = this.stores.find((one) => one.id === id);
    this.shown = id;
    this.unseen.delete(id);
    this.panels = new Map();
    const focused = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(...this.stores.map((one) => el("button",
      { role: "tab", "aria-selected": String(one.id === id), tabindex: one.id === id ? 0 : -1, "data-store": one.id, onclick: () => this.show(one.id) },
      one.name, this.unseen.has(one.id) && el("i", { class: "dot" }, el("span", { class: "unseen" }, "有新单")))));
    if (focused) this.tabs.querySelector('[aria-selected="true"]').focus();
    const panels = (store?.printers ?? []).map((printer) => this.#panel(store, printer));
    this.wall.style.setProperty("--columns", Math.min(3, Math.max(1, panels.length === 4 ? 2 : panels.length)));
    this.wall.style.setProperty("--rows", Math.ceil(panels.length / 3) || 1);
    this.wall.replaceChildren(...(panels.length ? panels : [el("p", { class: "empty" }, "这家店还没有打印机。在门店文件里写上 printers，重新启动就会出现。")]));
    this.live(this.faults);
    this.#count();
  }

  paper({ store, printer, paper }) {
    const papers = ((this.papers[store] ??= {})[printer] ??= []);
    if (papers.length && papers.at(-1).number >= paper.number) return;
    papers.push(paper);
    if (papers.length > MOST_PAPERS) papers.shift();
    const panel = store === this.shown && this.panels.get(printer);
    if (panel) {
      panel.outlet.querySelector(".empty")?.remove();
      const feed = paperElement(paper, panel.label);
      feed.classList.add("new");
      panel.outlet.prepend(feed);
      panel.outlet.scrollTop = 0;
      while (panel.outlet.children.length > MOST_PAPERS) panel.outlet.lastChild.remove();
    } else if (store !== this.shown) {
      this.unseen.set(store, true);
      const tab = this.tabs.querySelector(`[data-store="${CSS.escape(store)}"]`);
      if (tab && !tab.querySelector(".dot")) tab.append(el("i", { class: "dot" }, el("span", { class: "unseen" }, "有新单")));
    }
    this.#count();
  }

  live(faults) {
    this.faults = faults;
    for (const [id, panel] of this.panels) {
      const now = faults[this.shown]?.[id] ?? [];
      panel.state.textContent = now.map((fault) => STATES[fault] ?? fault).join("、") || "正常";
      panel.lamp.className = `lamp ${now.includes("off") ? "dark" : now.length ? "red" : "green"}`;
      for (const button of panel.buttons) button.setAttribute("aria-pressed", String(now.includes(button.dataset.fault)));
    }
  }

  #panel(store, printer) {
    const papers = this.papers[store.id]?.[printer.id] ?? [];
    const switchFault = (event) => {
      const button = event.currentTarget;
      post(`/printers/${encodeURIComponent(store.id)}/${encodeURIComponent(printer.id)}/fault`,
        { fault: button.dataset.fault, on: button.getAttribute("aria-pressed") !== "true" });
    };
    const panel = {
      label: printer.label,
      lamp: el("i", { class: "lamp" }),
      state: el("span", { class: "state" }),
      count: el("span", { class: "count" }),
      buttons: BUTTONS.map(([fault, words, sign]) => el("button", { class: "fault", "data-fault": fault, onclick: switchFault }, icon(sign), words)),
      outlet: el("div", { class: "outlet", tabindex: 0, "aria-label": `${printer.label}出的单`, role: "log" },
        papers.length ? papers.map((paper) => paperElement(paper, printer.label)).reverse() : el("p", { class: "empty" }, "纸已装好，等第一张单。")),
    };
    this.panels.set(printer.id, panel);
    return el("section", { class: "printer", "data-printer": printer.id, "aria-label": `${printer.label}打印机` },
      el("div", { class: "machine" },
        el("div", { class: "plate" }, panel.lamp, el("strong", {}, printer.label), panel.state, panel.count),
        el("div", { class: "buttons" }, panel.buttons)),
      el("div", { class: "slot" }), panel.outlet);
  }

  #count() {
    let sum = 0;
    for (const [id, panel] of this.panels) {
      const number = this.papers[this.shown]?.[id]?.at(-1)?.number ?? 0;
      panel.count.textContent = `${number} 张`;
      sum += number;
    }
    this.counter.textContent = `本店共出 ${sum} 张`;
  }
}
