// The demo page: hears everything over one stream of events, and keeps two phones and the kitchen wall up to date.

import { byId, el, toast } from "./dom.js";
import { Kitchen } from "./kitchen.js";
import { Phone } from "./phone.js";

const app = {
  chats: new Map(),
  kitchen: new Kitchen(),
  time: (moment) => app.clock.format(moment),
  diner: (openid) => app.live.diners.find((diner) => diner.openid === openid),
  refresh: () => (app.frame ??= requestAnimationFrame(() => {
    app.frame = null;
    app.phones.forEach((phone) => phone.openid && phone.refresh());
  })),
};
app.phones = [new Phone(byId("phone-1"), app), new Phone(byId("phone-2"), app)];

function onState(state) {
  Object.assign(app, { brand: state.brand, gateway: state.gateway, stores: state.stores });
  app.clock = new Intl.DateTimeFormat("zh-CN", { timeZone: state.timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  app.chats = new Map(Object.entries(state.chats).map(([openid, items]) => [openid, { items, unread: 0 }]));
  app.phones.forEach((phone, place) => app.chats.has(phone.openid) || (phone.openid = state.live.diners[place].openid));
  document.title = `${state.brand} · 演示`;
  byId("brand").textContent = state.brand;
  app.kitchen.reset(state);
  onLive(state.live);
  app.phones.forEach((phone) => phone.show(phone.openid));
}

function onLive(live) {
  app.live = live;
  for (const { openid } of live.diners) if (!app.chats.has(openid)) app.chats.set(openid, { items: [], unread: 0 });
  app.kitchen.live(live.faults);
  app.refresh();
  const lines = live.notices.map(({ at, text, reason }) => el("li", { title: reason }, `${app.time(new Date(at))}　${text}`));
  byId("notices").hidden = !lines.length;
  byId("notices-list").replaceChildren(...lines.reverse());
}

function onChat({ openid, item }) {
  const chat = app.chats.get(openid);
  if (chat.items.at(-1)?.id >= item.id) return;
  chat.items.push(item);
  if (!item.from_diner) chat.unread += 1;
  for (const phone of app.phones) if (phone.openid === openid) phone.receive(item);
  app.refresh();
}

function listen() {
  const events = new EventSource("/events");
  const reactions = { state: onState, live: onLive, chat: onChat, paper: (event) => app.kitchen.paper(event) };
  for (const [name, react] of Object.entries(reactions)) events.addEventListener(name, (event) => react(JSON.parse(event.data)));
  events.onopen = events.onerror = () => {
    const on = events.readyState === EventSource.OPEN;
    byId("link").className = on ? "link on" : "link off";
    byId("link").textContent = on ? "已连接" : "已断开，正在重连…";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  };
}

byId("hints").hidden = localStorage.haoweiHints === "seen";
byId("hints").onclick = ({ target }) => {
  const [phone] = app.phones;
  const words = target.closest("[data-say]")?.dataset.say;
  if (words === "") phone.scan();
  else if (words && app.diner(phone.openid).following) phone.fill(words);
  else if (words) toast("先扫一张桌码：扫了就关注并入座。");
};
byId("hints-close").onclick = () => {
  byId("hints").hidden = true;
  localStorage.haoweiHints = "seen";
};
listen();
setInterval(app.refresh, 20_000);
addEventListener("resize", app.refresh);
