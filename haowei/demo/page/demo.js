// The demo page: hears everything over one stream of events, and keeps two phones and the kitchen wall up to date.

import { el, toast } from "./dom.js";
import { Kitchen } from "./kitchen.js";
import { Phone } from "./phone.js";

const HINTS_SEEN = "haowei.demo.hints";
const byId = (id) => document.getElementById(id);

const app = {
  chats: new Map(),
  live: { diners: [], menu: [], faults: {}, notices: [] },
  kitchen: new Kitchen(byId("kitchen")),
  time: (moment) => app.clock.format(moment),
  diner: (openid) => app.live.diners.find((diner) => diner.openid === openid),
  refresh: () => app.phones.forEach((phone) => phone.refresh()),
};
app.phones = [new Phone(byId("phone-1"), app, "手机一"), new Phone(byId("phone-2"), app, "手机二")];

function chatOf(openid) {
  if (!app.chats.has(openid)) app.chats.set(openid, { items: [], unread: 0 });
  return app.chats.get(openid);
}

function onState(state) {
  Object.assign(app, { brand: state.brand, gateway: state.gateway, stores: state.stores, live: state.live });
  app.clock = new Intl.DateTimeFormat("zh-CN", { timeZone: state.timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  app.chats = new Map(Object.entries(state.chats).map(([openid, items]) => [openid, { items, unread: 0 }]));
  document.title = `${state.brand} · 演示`;
  byId("brand").textContent = state.brand;
  app.kitchen.reset(state);
  app.phones.forEach((phone, place) => phone.show(app.chats.has(phone.openid) ? phone.openid : state.live.diners[place].openid));
  notices();
}

function onChat({ openid, item }) {
  const chat = chatOf(openid);
  if (chat.items.length && chat.items.at(-1).id >= item.id) return;
  chat.items.push(item);
  if (chat.items.length > 500) chat.items.shift();
  const holders = app.phones.filter((phone) => phone.openid === openid);
  for (const phone of holders) phone.receive(item);
  if (!item.from_diner) chat.unread += 1;
  app.refresh();
}

function onLive(live) {
  app.live = live;
  for (const diner of live.diners) chatOf(diner.openid);
  app.kitchen.live(live.faults);
  app.refresh();
  notices();
}

function notices() {
  const lines = app.live.notices.map((notice) => el("li", { title: notice.reason }, `${app.time(new Date(notice.at))}　${notice.text}`));
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
  events.onopen = () => { link.className = "link on"; link.textContent = "已连接"; };
  events.onerror = () => {
    link.className = "link off";
    link.textContent = "已断开，正在重连…";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  };
}

function hints() {
  const first = () => app.phones[0];
  const followed = (react) => () => (app.diner(first().openid)?.following ? react() : toast("先扫一张桌码：扫了就关注并入座。"));
  const type = (words) => followed(() => first().fill(words));
  const steps = [["扫码入座", () => first().scan()], ["点菜", type("红烧肉一份，两碗米饭")], ["下单", type("下单")], ["确认", type("确认")], ["买单", type("买单")]];
  byId("hint-steps").append(...steps.map(([words, act]) => el("li", {}, el("button", { onclick: act }, words))));
  byId("hints-close").onclick = () => {
    byId("hints").hidden = true;
    localStorage.setItem(HINTS_SEEN, "yes");
  };
  byId("hints").hidden = localStorage.getItem(HINTS_SEEN) === "yes";
}

hints();
listen();
setInterval(() => app.clock && app.refresh(), 20_000);
addEventListener("resize", () => app.clock && app.refresh());
