// One message as elements. What people and the bot wrote is only ever set as text.

import { date, readable, time } from "./words.js";

export function element(tag, { text, ...properties } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

const table = (fields) => element("table", {}, element("tbody", {}, ...fields.map(({ label, value }) =>
  element("tr", {}, element("th", { text: label, scope: "row" }), element("td", { text: value })))));

function attachment({ name, url, media_type: type, shows }) {
  if (type.startsWith("image/") && type !== "image/svg+xml") {
    const picture = element("img", { src: url, alt: shows || `Bild: ${name}` });
    return element("a", { className: "picture", href: url, target: "_blank", rel: "noopener" }, picture);
  }
  const kind = element("span", { className: "kind", text: name.split(".").at(-1).slice(0, 5), "aria-hidden": "true" });
  return element("a", { className: "file", href: url, download: name }, kind, element("span", { text: `Ladda ner ${name}` }));
}

function button({ label, press, primary }, message, onPress) {
  const made = element("button", { type: "button", text: label, className: primary ? "primary" : "" });
  made.addEventListener("click", () => onPress(message, press, made));
  return made;
}

function meta({ at, own, replaces, state }) {
  const parts = [element("time", { dateTime: at, title: `${date(at)} kl ${time(at)}`, text: time(at) })];
  if (replaces) parts.push(element("span", { text: own ? "ändrat" : "uppdaterat" }));
  if (state === "sending") parts.push(element("span", { text: "skickas …" }));
  return element("p", { className: "meta" }, ...parts);
}

/** `on` has `press(message, press, button)` and `retry(message)`. */
export function bubble(message, on) {
  const says = element("span", { className: "sr", text: message.own ? "Du: " : "handledd: " });
  const body = element("div", { className: "bubble" }, element("p", { className: "text" }, says, readable(message.text)));
  if (message.fields.length) body.append(table(message.fields));
  body.append(...message.files.map(attachment));
  if (message.buttons.length) {
    const row = element("div", { className: "buttons", role: "group", "aria-label": "Val" });
    row.append(...message.buttons.map((choice) => button(choice, message, on.press)));
    body.append(row);
  }
  const item = element("li", { className: message.own ? "message own" : "message" }, body, meta(message));
  if (message.state === "failed") {
    const again = element("button", { type: "button", text: "Försök igen" });
    again.addEventListener("click", () => on.retry(message));
    item.append(element("p", { className: "failed" }, element("span", { text: `Inte skickat. ${message.fault}` }), again));
  }
  return item;
}
