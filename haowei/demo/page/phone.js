// One phone: the chat of the diner who holds it, with the menu bar, the text box and what else a hand can do; below it the desk
// of the staff, while one of them serves the diner.

import { dot, el, fillTabs, icon, post, stamp, toast } from "./dom.js";
import { content } from "./messages.js";

const MOST_ITEMS = 500;
const PAUSE_MS = 5 * 60 * 1000; // a time stands above a message that comes later than this after the last
const PAGE_MAY = "allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox"; // a map opens in a window of its own
const COLORS = ["#c8553d", "#3d7ea6", "#5f8a4f", "#8a5fa6", "#b7862c", "#4f6d8a"];

export class Phone {
  constructor(root, app) {
    const { copy, ...parts } = stamp("phone");
    Object.assign(this, parts, { root, app, openid: null });
    this.tabs.setAttribute("aria-label", `${root.getAttribute("aria-label")}在谁手里`);
    this.toggle.onclick = () => this.foot.classList.toggle("menu");
    this.typing.onsubmit = (event) => this.#say(event);
    this.desk.onsubmit = (event) => this.#reply(event);
    this.leave.onclick = () => this.act("staff_leaves");
    this.overlay.onkeydown = (event) => event.key === "Escape" && this.#close();
    const hands = { scan: this.scan, takeaway: this.#takeaway, place: this.#places, speak: this.#speak };
    for (const button of copy.querySelectorAll("[data-do]")) {
      button.onclick = () => {
        this.#close();
        (hands[button.dataset.do] ?? this.act).call(this, button.dataset.do);
      };
    }
    root.append(copy);
  }

  act(act, more = {}) {
    return post("/act", { openid: this.openid, act, ...more });
  }

  show(openid) {
    if (this.openid !== openid) this.#close();
    Object.assign(this, { openid, numbers: [], last: 0 });
    this.list.replaceChildren();
    for (const item of this.app.chats.get(openid).items.slice(-MOST_ITEMS)) this.#append(item);
    this.scroll.scrollTop = 0;
    this.app.refresh();
  }

  receive(item) {
    this.#append(item);
    if (this.list.children.length > MOST_ITEMS) this.list.firstChild.remove();
    if (item.from_diner) this.scroll.scrollTop = 0; // counted from the end
  }

  // What the live part of the state says: who is there, who follows, the menu bar.
  refresh() {
    const { live, chats, brand } = this.app;
    if (this.root.offsetParent) chats.get(this.openid).unread = 0;
    const tabs = live.diners.map(({ openid, name }, place) => {
      const { unread } = chats.get(openid);
      return { chosen: openid === this.openid, label: `食客${name}${unread ? `，${unread} 条未读` : ""}`, content: [this.#face(name, place), unread > 0 && dot("")], choose: () => this.show(openid) };
    });
    fillTabs(this.tabs, tabs, el("button", { class: "add", "aria-label": "再来一位食客", title: "再来一位食客", onclick: () => this.#addDiner() }, icon("plus")));
    const me = this.app.diner(this.openid);
    this.clock.textContent = this.app.time(new Date());
    this.brand.textContent = brand;
    this.title.textContent = me.typing ? "对方正在输入…" : brand;
    this.root.classList.toggle("stranger", !me.following);
    this.served.hidden = this.desk.hidden = !me.served;
    this.guest.textContent = `客服台 · 正在接待食客${me.name}`;
    const menu = JSON.stringify(live.menu);
    if (menu !== this.menuShown) this.#menu(live.menu);
    this.menuShown = menu;
  }

  fill(words) {
    this.#close();
    this.foot.classList.remove("menu");
    this.box.value = words;
    this.box.focus();
  }

  scan() {
    const { stores, kitchen } = this.app;
    if (!stores.length) return this.open("扫桌上的码", el("p", { class: "empty" }, "店里还没有桌子。"));
    const rest = el("div");
    const choose = () => {
      const store = stores[select.value];
      const table = ({ code, seats }) => el("button", { class: "table", "aria-label": `${store.name} ${code} 桌，${seats} 座`, onclick: () => this.#scanned(store, code) }, icon("qr"), el("strong", {}, code), el("small", {}, `${seats} 座`));
      const areas = [...new Set(store.tables.map(({ area }) => area))];
      rest.replaceChildren(...areas.flatMap((area) => [el("h4", {}, area || "餐桌"), el("div", { class: "tables" }, store.tables.filter((one) => one.area === area).map(table))]));
      if (!areas.length) rest.append(el("p", { class: "empty" }, "这家店没有桌码，直接点菜就是外带。"));
    };
    const select = el("select", { "aria-label": "门店", onchange: choose }, stores.map(({ name }, place) => el("option", { value: place }, name)));
    select.value = Math.max(0, stores.findIndex(({ id }) => id === kitchen.shown));
    choose();
    return this.open("扫桌上的码", el("div", { class: "panel" }, select, rest));
  }

  // A page inside the phone: a bar with the way back, and what stands below it.
  open(title, below, ...tools) {
    const back = el("button", { class: "plain", "aria-label": "返回", onclick: () => this.#close() }, icon("back"));
    this.overlay.replaceChildren(el("div", { class: "bar" }, back, el("h3", {}, title), tools), below);
    this.overlay.hidden = false;
    back.focus();
  }

  web(address, title) {
    if (!this.allowed(address)) return toast("这里只打开公众号自己的页面。");
    const outside = el("a", { class: "plain", href: address, target: "_blank", rel: "noopener noreferrer", "aria-label": "在新窗口打开" }, icon("outside"));
    return this.open(title, el("iframe", { src: address, title, sandbox: PAGE_MAY, referrerpolicy: "no-referrer" }), outside);
  }

  allowed(address) {
    return URL.canParse(address) && [this.app.gateway, location.origin].includes(new URL(address).origin);
  }

  async #addDiner() {
    const added = await post("/diners");
    if (added && this.app.chats.has(added.openid)) this.show(added.openid);
  }

  async #say(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    if (!(await this.act("says", { text }))) this.box.value ||= text;
  }

  async #reply(event) {
    event.preventDefault();
    const text = this.reply.value.trim();
    if (text && (await this.act("staff_writes", { text }))) this.reply.value = "";
  }

  #takeaway() {
    this.fill("一份红烧肉，两碗米饭");
    toast("没扫桌码就点菜，就是外带：会先问您去哪家店取。");
  }

  #speak() {
    const { copy, form, words } = stamp("voice");
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#close();
      this.act("speaks", { text: words.value });
    };
    this.open("发语音", copy);
    words.focus();
  }

  #places() {
    const stores = this.app.stores.filter((store) => store.location);
    const place = ({ name, address, location: [latitude, longitude] }) => el("button", { class: "place", onclick: () => {
      this.#close();
      this.act("location", { latitude, longitude, label: address || name });
    } }, el("strong", {}, `${name}附近`), el("small", {}, address));
    this.open("我在哪里", el("div", { class: "panel" }, stores.length ? stores.map(place) : el("p", { class: "empty" }, "门店都没有写位置。")));
  }

  #scanned(store, code) {
    this.#close();
    this.app.kitchen.show(store.id);
    this.act("scan", { scene: `t.${store.id}.${code}` });
  }

  #menu(buttons) {
    const tap = ({ key, url, name }) => {
      this.menu.querySelectorAll("details").forEach((group) => (group.open = false));
      this.act("menu", { key: key ?? url });
      if (url) this.web(url, name);
    };
    const entry = (button) => el("button", { onclick: () => tap(button) }, button.name);
    const group = ({ name, sub_button: entries }) => el("details", { name: "menu" }, el("summary", {}, icon("list"), name), el("div", { class: "sub" }, entries.map(entry)));
    this.menu.replaceChildren(...(buttons.length ? buttons.map((button) => (button.sub_button.length ? group(button) : entry(button))) : [el("p", { class: "empty" }, "公众号还没有菜单")]));
  }

  #close() {
    this.more.open = false;
    this.overlay.hidden = true;
    this.overlay.replaceChildren();
  }

  #face(name, place) {
    const face = el("i", { class: "face", "aria-hidden": "true" }, name.slice(-1));
    face.style.background = COLORS[place % COLORS.length];
    return face;
  }

  #append(item) {
    const at = new Date(item.at);
    if (at - this.last > PAUSE_MS) this.list.append(el("li", { class: "time" }, this.app.time(at)));
    this.last = at;
    if (item.kind === "notice") return this.list.append(el("li", { class: "notice" }, item.text));
    if (!item.from_diner) this.numbers.splice(0).forEach((number) => (number.disabled = true)); // a number answers the last message only
    const place = this.app.live.diners.findIndex((diner) => diner.openid === this.openid);
    const side = item.from_diner ? "mine" : item.by_person ? "theirs staff" : "theirs";
    const face = item.from_diner ? this.#face(this.app.live.diners[place].name, place) : el("i", { class: "face", "aria-hidden": "true" }, icon(item.by_person ? "headset" : "bowl"));
    return this.list.append(el("li", { class: side, "data-kind": item.kind }, face, content(item, this)));
  }
}
