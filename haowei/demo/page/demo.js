// The demo page: hears everything over one stream of events, and keeps two phones and the kitchen wall up to date.

import { byId, el, toast } from "./dom.js";
import { Kitchen } from "./kitchen.js";
import { Phone } from "./phone.js";

const HINTS_SEEN = "haowei.demo.hints";
const MOST_ITEMS = 500;

const app = {
  chats: new Map(),
  kitchen: new Kitchen(byId("kitchen")),
  time: (moment) => app.clock.format(moment),
  diner: (openid) => app.live.diners.find((diner) => diner.openid === openid),
  refresh: () => app.phones.forEach((phone) => phone.openid && phone.refresh()),
};
app.phones = [new Phone(byId("phone-1"), app), new Phone(byId("phone-2"), app)];

function onState(state) {
  Object.assign(app, { brand: state.brand, gateway: state.gateway, stores: state.stores, live: state.live });
  app.clock = new Intl.DateTimeFormat("zh-CN", { timeZone: state.timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  app.chats = new Map(Object.entries(state.chats).map(([openid, items]) => [openid, { items, unread: 0 }]));
  document.title = `${state.brand} · 演示`;
  byId("brand").textContent = state.brand;
  app.kitchen.reset(state);
  const holders = app.phones.map(({ openid }, place) => (app.chats.has(openid) ? openid : state.live.diners[place].openid));
  app.phones.forEach((phone, place) => (phone.openid = holders[place]));
  app.phones.forEach((phone, place) => phone.show(holders[place]));
  notices();
}

function onChat({ openid, item }) {
  const chat = app.chats.get(openid);
  if (chat.items.at(-1)?.id >= item.id) return;
  chat.items.push(item);
  if (chat.items.length > MOST_ITEMS) chat.items.shift();
  if (!item.from_diner) chat.unread += 1;
  for (const phone of app.phones) if (phone.openid === openid) phone.receive(item);
  app.refresh();
}

function onLive(live) {
  app.live = live;
  for (const { openid } of live.diners) if (!app.chats.has(openid)) app.chats.set(openid, { items: [], unread: 0 });
  app.kitchen.live(live.faults);
  app.refresh();
  notices();
}

function notices() {
  const lines = app.live.notices.map(({ at, text, reason }) => el("li", { title: reason }, `${app.time(new Date(at))}　${text}`));
  byId("notices").hidden = !lines.length;
  byId("notices-list").replaceChildren(...lines.reverse());
}

function listen() {
  const events = new EventSource("/events");
  const link = byId("link");
  const hear = (name, react) => events.addEventListener(name, (event) => react(JSON.parse(event.data)));
  hear("state", onState);
  hear("chat", onChat);
  hear("paper", (event) => app.kitchen.paper(event));
  hear("live", onLive);
  events.onopen = () => {
    link.className = "link on";
    link.textContent = "已连接";
  };
  events.onerror = () => {
    link.className = "link off";
    link.textContent = "已断开，正在重连…";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  };
}

function hints() {
  const [phone] = app.phones;
  const type = (words) => () => (app.diner(phone.openid)?.following ? phone.fill(words) : toast("先扫一张桌码：扫了就关注并入座。"));
  const steps = [["扫码入座", () => phone.scan()], ["点菜", type("红烧肉一份，两碗米饭")], ["下单", type("下单")], ["确认", type("确认")], ["买单", type("买单")]];
  byId("hint-steps").append(...steps.map(([words, act]) => el("li", {}, el("button", { onclick: act }, words))));
  byId("hints-close").onclick = () => {
    byId("hints").hidden = true;
    localStorage.setItem(HINTS_SEEN, "yes");
  };
  byId("hints").hidden = localStorage.getItem(HINTS_SEEN) === "yes";
}

hints();
listen();
setInterval(app.refresh, 20_000);
addEventListener("resize", app.refresh);
