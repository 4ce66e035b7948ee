// One phone: the chat of the diner who holds it, with the menu bar, the text box and what else a hand can do.

import { arrowKeys, el, icon, post, toast } from "./dom.js";

const MOST_ITEMS = 500;
const PAUSE_MS = 5 * 60 * 1000; // a time stands above a message that comes later than this after the last
const PIECE = /<a\s[^>]*?href="([^"]*)"[^>]*>([^<]*)<\/a>|(https?:\/\/[^\s<>"'，。；：！？、（）「」]+)|^(\d{1,2})\. (.+)$/gm;
const COLORS = ["#c8553d", "#3d7ea6", "#5f8a4f", "#8a5fa6", "#b7862c", "#4f6d8a"];

const colorOf = (place) => COLORS[place % COLORS.length];

export class Phone {
  constructor(root, app, title) {
    this.app = app;
    this.root = root;
    this.openid = null;
    this.numbers = []; // the numbered choices of the account's last message: typing the number works as long as it is the last
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": `${title}在谁手里`, onkeydown: arrowKeys });
    this.title = el("h2", { class: "title" });
    this.list = el("ol", { class: "chat", role: "log", "aria-label": "聊天", tabindex: 0 });
    this.box = el("textarea", { class: "box", rows: 1, maxlength: 2000, "aria-label": "输入消息", placeholder: "发消息", enterkeyhint: "send", onkeydown: (event) => this.#key(event) });
    this.toggle = el("button", { class: "plain", onclick: () => this.#mode(!this.foot.classList.contains("menu")) });
    this.menu = el("div", { class: "menu-bar", "aria-label": "公众号菜单" });
    this.more = el("button", { class: "plain", "aria-label": "更多", "aria-expanded": "false", onclick: () => this.#sheet(this.sheet.hidden) }, icon("plus"));
    this.sheet = el("div", { class: "sheet", hidden: true }, this.#actions());
    const send = el("button", { class: "send", onclick: () => this.#send() }, "发送");
    this.foot = el("div", { class: "foot" }, this.toggle, el("div", { class: "typing" }, this.box, send), this.menu, this.more);
    this.profile = el("div", { class: "profile" });
    this.overlay = el("div", { class: "overlay", hidden: true });
    this.clock = el("span");
    const status = el("div", { class: "status", "aria-hidden": "true" }, this.clock, icon("signal"));
    const screen = el("div", { class: "screen" }, status, el("div", { class: "bar" }, this.title), this.list, this.foot, this.sheet, this.profile, this.overlay);
    root.replaceChildren(this.tabs, el("div", { class: "phone" }, screen));
    this.#mode(false);
  }

  get visible() {
    return this.root.offsetParent !== null;
  }

  show(openid) {
    const chat = this.app.chats.get(openid);
    if (this.openid !== openid) this.#close();
    this.openid = openid;
    this.numbers = [];
    this.last = 0;
    this.list.replaceChildren();
    for (const item of chat.items) this.#append(item);
    this.list.scrollTop = this.list.scrollHeight;
    this.app.refresh();
  }

  receive(item) {
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 120;
    this.#append(item);
    while (this.list.children.length > MOST_ITEMS) this.list.firstChild.remove();
    if (atEnd || item.from_diner) this.list.scrollTop = this.list.scrollHeight;
  }

  // Names, lamps and menus: what the live part of the state says.
  refresh() {
    const { live, brand } = this.app;
    this.clock.textContent = this.app.time(new Date());
    if (this.visible && this.openid) this.app.chats.get(this.openid).unread = 0;
    const focused = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(...live.diners.map((diner, place) => {
      const unread = this.app.chats.get(diner.openid)?.unread ?? 0;
      const chosen = diner.openid === this.openid;
      const tab = el("button", { role: "tab", "aria-selected": String(chosen), tabindex: chosen ? 0 : -1, "aria-label": `食客${diner.name}${unread ? `，${unread} 条未读` : ""}`, onclick: () => this.show(diner.openid) },
        el("i", { class: "face" }, diner.name.slice(-1)), unread > 0 && el("i", { class: "dot" }));
      tab.firstChild.style.background = colorOf(place);
      return tab;
    }), el("button", { class: "add", "aria-label": "再来一位食客", title: "再来一位食客", onclick: () => this.#addDiner() }, icon("plus")));
    if (focused) this.tabs.querySelector('[aria-selected="true"]').focus();
    const me = this.app.diner(this.openid);
    if (!me) return;
    this.title.textContent = me.typing ? "对方正在输入…" : brand;
    const menu = JSON.stringify(live.menu);
    if (menu !== this.menuShown) this.#menu(live.menu, menu);
    this.root.classList.toggle("stranger", !me.following);
    if (!this.profile.firstChild) this.#profile();
  }

  fill(words) {
    this.#close();
    this.#mode(false);
    this.box.value = words;
    this.box.focus();
  }

  scan() {
    const choose = (store) => {
      const areas = [...new Set(store.tables.map((table) => table.area))];
      const table = ({ code, seats }) => el("button", { class: "table", "aria-label": `${store.name} ${code} 桌，${seats} 座`, onclick: () => this.#scanned(store, code) }, icon("qr"), el("strong", {}, code), el("small", {}, `${seats} 座`));
      rest.replaceChildren(...areas.flatMap((area) => [el("h4", {}, area || "餐桌"), el("div", { class: "tables" }, store.tables.filter((one) => one.area === area).map(table))]));
      if (!store.tables.length) rest.replaceChildren(el("p", { class: "empty" }, "这家店没有桌码，直接点菜就是外带。"));
    };
    const rest = el("div", { class: "tables-of-store" });
    const select = el("select", { "aria-label": "门店", onchange: () => choose(this.app.stores[select.value]) }, this.app.stores.map((store, place) => el("option", { value: place }, store.name)));
    select.value = Math.max(0, this.app.stores.findIndex((store) => store.id === this.app.kitchen.shown));
    this.#open("扫桌上的码", el("div", { class: "panel" }, this.app.stores.length ? [select, rest] : el("p", { class: "empty" }, "店里还没有桌子。")));
    if (this.app.stores.length) choose(this.app.stores[select.value]);
  }

  async #act(act, more = {}) {
    return post("/act", { openid: this.openid, act, ...more });
  }

  async #addDiner() {
    const added = await post("/diners");
    if (added && this.app.chats.has(added.openid)) this.show(added.openid);
  }

  async #send() {
    const text = this.box.value.trim();
    if (text && (await this.#act("says", { text }))) this.box.value = "";
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #scanned(store, code) {
    this.#close();
    this.app.kitchen.show(store.id);
    this.#act("scan", { scene: `t.${store.id}.${code}` });
  }

  // ---- what stands around the chat

  #mode(menu) {
    this.foot.classList.toggle("menu", menu);
    this.toggle.setAttribute("aria-label", menu ? "换成键盘" : "换成菜单");
    this.toggle.replaceChildren(icon(menu ? "keyboard" : "list"));
    this.#sheet(false);
  }

  #sheet(open) {
    this.sheet.hidden = !open;
    this.more.setAttribute("aria-expanded", String(open));
  }

  #menu(buttons, shown) {
    this.menuShown = shown;
    const tap = (button) => {
      for (const open of this.menu.querySelectorAll("details[open]")) open.open = false;
      this.#act("menu", { key: button.key ?? button.url });
      if (button.url) this.#web(button.url, button.name);
    };
    const entry = (button) => el("button", { onclick: () => tap(button) }, button.name);
    this.menu.replaceChildren(...buttons.map((button) => button.sub_button.length
      ? el("details", { name: "menu", onkeydown: (event) => event.key === "Escape" && (event.currentTarget.open = false) }, el("summary", {}, icon("list"), button.name), el("div", { class: "sub" }, button.sub_button.map(entry)))
      : entry(button)));
    if (!buttons.length) this.menu.append(el("p", { class: "empty" }, "公众号还没有菜单"));
  }

  #actions() {
    const form = (title, label, act) => () => {
      const input = el("input", { maxlength: 200, "aria-label": label });
      const send = (event) => { event.preventDefault(); this.#close(); this.#act(act, { text: input.value }); };
      this.#open(title, el("form", { class: "panel", onsubmit: send }, el("label", {}, label, input), el("button", { class: "green" }, "发送")));
      input.focus();
    };
    const actions = [
      ["qr", "扫桌码", () => this.scan()],
      ["bag", "外带", () => { this.fill("外带，红烧肉一份，米饭一碗"); toast("没有扫桌码就点菜，就是外带。"); }],
      ["pin", "发位置", () => this.#places()],
      ["picture", "发图片", () => this.#act("picture")],
      ["mic", "发语音", form("发语音", "语音识别出的字（空着就是没有识别出来）", "speaks")],
      ["leave", "取消关注", () => this.#act("unfollow")],
    ];
    return actions.map(([sign, words, act]) => el("button", { onclick: () => { this.#sheet(false); act(); } }, el("i", {}, icon(sign)), words));
  }

  #places() {
    const stores = this.app.stores.filter((store) => store.location);
    const place = (store) => el("button", { class: "place", onclick: () => {
      const [latitude, longitude] = store.location;
      this.#close();
      this.#act("location", { latitude, longitude, label: store.address || store.name });
    } }, el("strong", {}, `${store.name}附近`), el("small", {}, store.address));
    this.#open("我在哪里", el("div", { class: "panel" }, stores.length ? stores.map(place) : el("p", { class: "empty" }, "门店都没有写位置。")));
  }

  #profile() {
    const { brand } = this.app;
    this.profile.append(el("i", { class: "logo" }, icon("bowl")), el("h3", {}, brand), el("p", {}, "服务号 · 点餐、买单、会员都在聊天里"),
      el("button", { class: "green", onclick: () => this.scan() }, "扫桌码，关注并入座"),
      el("button", { class: "pale", onclick: () => this.#act("follow") }, "关注公众号"));
  }

  #open(title, content, ...tools) {
    const back = el("button", { class: "plain", "aria-label": "返回", onclick: () => this.#close() }, icon("back"));
    this.overlay.onkeydown = (event) => event.key === "Escape" && this.#close();
    this.overlay.replaceChildren(el("div", { class: "bar" }, back, el("h3", {}, title), tools), content);
    this.overlay.hidden = false;
    back.focus();
  }

  #close() {
    this.overlay.hidden = true;
    this.overlay.replaceChildren();
    this.#sheet(false);
  }

  #web(address, title) {
    const url = this.#allowed(address);
    if (!url) return toast("这里只打开好味自己的页面。");
    const outside = el("a", { class: "plain", href: url, target: "_blank", rel: "noopener noreferrer", "aria-label": "在新窗口打开" }, icon("outside"));
    return this.#open(title, el("iframe", { src: url, title, sandbox: "allow-scripts allow-forms allow-same-origin", referrerpolicy: "no-referrer" }), outside);
  }

  #allowed(address) {
    const url = URL.canParse(address) ? new URL(address) : null;
    return url && [this.app.gateway, location.origin].includes(url.origin) ? url.href : null;
  }

  // ---- messages

  #append(item) {
    const at = new Date(item.at);
    if (at - this.last > PAUSE_MS) this.list.append(el("li", { class: "time" }, this.app.time(at)));
    this.last = at;
    if (item.kind === "notice") return this.list.append(el("li", { class: "notice" }, item.text));
    if (!item.from_diner) {
      for (const number of this.numbers) number.disabled = true;
      this.numbers = [];
    }
    const face = el("i", { class: "face", "aria-hidden": "true" }, item.from_diner ? this.app.diner(this.openid).name.slice(-1) : icon("bowl"));
    if (item.from_diner) face.style.background = colorOf(this.app.live.diners.findIndex((diner) => diner.openid === this.openid));
    return this.list.append(el("li", { class: item.from_diner ? "mine" : "theirs", "data-kind": item.kind }, face, this.#content(item)));
  }

  #content(item) {
    const words = item.from_diner ? item.text : this.#rich(item.text ?? "");
    switch (item.kind) {
      case "text":
        return el("div", { class: "bubble" }, words, item.by_machine && el("small", {}, "内容由第三方AI生成"));
      case "menu":
        return el("div", { class: "bubble" }, words, item.choices.map((choice) => el("button", { class: "choice", onclick: () => this.#act("choice", choice) }, choice.label)), item.tail && el("p", {}, this.#rich(item.tail)));
      case "news": case "music": case "miniprogram":
        return el("div", { class: "cards" }, item.articles.map((article) => this.#card(article)));
      case "image":
        return el("img", { class: "photo", src: `/media/${encodeURIComponent(item.media)}`, alt: item.from_diner ? "发出的图片" : "收到的图片", onload: () => this.#settle() });
      case "voice": case "video":
        return el("div", { class: "bubble voice" }, icon(item.kind === "voice" ? "mic" : "picture"), item.text || (item.kind === "voice" ? "（没有识别出文字）" : "视频"));
      case "location":
        return el("div", { class: "place-card" }, el("strong", {}, item.place.label), el("div", { class: "map" }, icon("pin")));
      case "template": {
        const lines = item.template.lines.map(([label, value]) => el("div", {}, el("dt", {}, label.replace(/[:：]$/, "")), el("dd", {}, value)));
        const open = item.template.url && el("button", { class: "choice", onclick: () => this.#web(item.template.url, item.template.title) }, "查看详情");
        return el("div", { class: "bubble template" }, el("strong", {}, item.template.title), el("dl", {}, lines), open);
      }
      default:
        return el("div", { class: "bubble" }, words);
    }
  }

  #card({ title, text, url, picture }) {
    const shown = picture && this.#allowed(picture);
    const open = url ? () => this.#web(url, title) : null;
    return el("button", { class: "card", onclick: open, disabled: !open }, shown && el("img", { src: shown, alt: "", onload: () => this.#settle() }), el("strong", {}, title), text && el("span", {}, text));
  }

  #rich(text) {
    const nodes = [];
    let done = 0;
    for (const match of text.matchAll(PIECE)) {
      const [whole, href, label, address, number] = match;
      const url = href ?? address;
      nodes.push(text.slice(done, match.index));
      done = match.index + whole.length;
      if (number) {
        const choice = el("button", { class: "choice", onclick: () => this.#act("says", { text: number }) }, whole);
        this.numbers.push(choice);
        nodes.push(choice);
        if (text[done] === "\n") done += 1; // the button is a line of its own
      } else if (this.#allowed(url)) {
        nodes.push(el("button", { class: "link", onclick: () => this.#web(url, label ?? this.app.brand) }, label ?? url));
      } else nodes.push(label ?? url);
    }
    nodes.push(text.slice(done));
    return nodes;
  }

  // A picture that has loaded pushes the end of the chat down.
  #settle() {
    if (this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 400) this.list.scrollTop = this.list.scrollHeight;
  }
}
