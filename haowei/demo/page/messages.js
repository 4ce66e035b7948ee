// What one message looks like. Words stay words: of all markup only links are understood, and only those to the account's own pages.

import { el, icon } from "./dom.js";

const PIECE = /<a\s[^>]*?href="([^"]*)"[^>]*>([^<]*)<\/a>|(https?:\/\/[^\s<>"'，。；：！？、（）「」]+)|^(\d{1,2})\. .+$/gm;

function rich(text, phone) {
  const nodes = [];
  let done = 0;
  for (const { 0: whole, 1: href, 2: label, 3: address, 4: number, index } of text.matchAll(PIECE)) {
    const url = href ?? address;
    nodes.push(text.slice(done, index));
    done = index + whole.length;
    if (number) {
      const choice = el("button", { class: "choice", onclick: () => phone.act("says", { text: number }) }, whole);
      phone.numbers.push(choice);
      nodes.push(choice);
      if (text[done] === "\n") done += 1; // the button is a line of its own
    } else if (phone.allowed(url)) nodes.push(el("button", { class: "to-page", onclick: () => phone.web(url, label ?? phone.app.brand) }, label ?? url));
    else nodes.push(label ?? url);
  }
  return [...nodes, text.slice(done)];
}

function card({ title, text, url, picture }, phone) {
  return el("button", { class: "card", disabled: !url, onclick: () => phone.web(url, title) },
    phone.allowed(picture) && el("img", { src: picture, alt: "" }), el("strong", {}, title), text && el("span", {}, text));
}

function template({ title, lines, url }, phone) {
  const rows = lines.map(([label, value]) => el("div", {}, el("dt", {}, label.replace(/[:：]$/, "")), el("dd", {}, value)));
  return el("div", { class: "bubble template" }, el("strong", {}, title), el("dl", {}, rows), url && el("button", { class: "choice", onclick: () => phone.web(url, title) }, "查看详情"));
}

export function content(item, phone) {
  const words = item.from_diner ? item.text : rich(item.text ?? "", phone);
  switch (item.kind) {
    case "menu":
      return el("div", { class: "bubble" }, words, item.choices.map(({ id, label }) => el("button", { class: "choice", onclick: () => phone.act("choice", { id, label }) }, label)), item.tail && rich(item.tail, phone));
    case "news": case "music": case "miniprogram":
      return el("div", { class: "cards" }, item.articles.map((article) => card(article, phone)));
    case "image":
      return el("img", { class: "photo", src: `/media/${encodeURIComponent(item.media)}`, alt: item.from_diner ? "发出的图片" : "收到的图片" });
    case "voice": case "video":
      return el("div", { class: "bubble voice" }, icon(item.kind), item.text || (item.kind === "voice" ? "（没有识别出文字）" : "视频"));
    case "location":
      return el("div", { class: "place-card" }, el("strong", {}, item.place.label), el("div", { class: "map" }, icon("pin")));
    case "template":
      return template(item.template, phone);
    default:
      return el("div", { class: "bubble" }, words, item.by_machine && el("small", {}, "内容由第三方AI生成"));
  }
}
