// The page: who is in which window, the clock, the strip, the keyboard.

import { element } from "./message.js";
import { follow, people as fetchPeople, post } from "./server.js";
import { ChatWindow } from "./window.js";
import { clockLine, dayAndTime } from "./words.js";

const find = (selector) => document.querySelector(selector);
const [nowFace, notice, tabs, keys] = ["#now", "#notice", "#tabs", "#keys"].map(find);
const steps = [...document.querySelectorAll(".step")];
const HAPPENINGS = 20;
let people = [], windows = [], current = 0, now = "", epoch = "", stop = () => {}, ready = false;

const remembered = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private browsing */ } },
};

// --- who is in which window

function firstChoice() {
  const known = (id) => people.find((person) => person.external_id === id);
  const role = (pattern) => people.find((person) => pattern.test(person.role));
  const trainee = people.find(({ supervisor }) => known(supervisor)) ?? role(/^st/i);
  const wanted = [trainee, known(trainee?.supervisor) ?? role(/^handledare/i), role(/^studierektor/i), ...people];
  const kept = (remembered.get("windows") ?? []).map(known);
  return [...new Set([...kept, ...wanted])].filter(Boolean).slice(0, 3);
}

function choose(window, id) {
  const other = windows.find((each) => each !== window && each.person.external_id === id);
  if (other) other.be(window.person, people); // no one in two windows: they change places
  window.be(people.find((person) => person.external_id === id), people);
  remembered.set("windows", windows.map((each) => each.person.external_id));
  showTabs();
  listen();
}

// --- tabs, for narrow screens

function showTabs() {
  tabs.replaceChildren(...windows.map((window, index) => {
    const name = element("span", { className: "tab-name", text: window.person.name.split(" ")[0] });
    const tab = element("button", { type: "button" }, name, element("small", { text: window.person.role }));
    tab.addEventListener("click", () => goTo(index));
    return tab;
  }));
  mark();
}

function mark() {
  windows.forEach((window, index) => {
    const tab = tabs.children[index];
    window.root.classList.toggle("current", index === current);
    if (index === current) window.unread = 0;
    tab.setAttribute("aria-current", String(index === current));
    tab.querySelector(".unread")?.remove();
    if (window.unread) {
      const said = element("span", { className: "sr", text: "olästa: " });
      tab.append(element("span", { className: "unread" }, said, String(window.unread)));
    }
  });
}

function goTo(index) {
  if (!windows[index]) return;
  current = index;
  mark();
  windows[index].field.focus();
  if (windows[index].following) windows[index].toEnd();
}

// --- what the server tells

function listen() {
  stop();
  ready = false;
  windows.forEach((window) => window.busy(true));
  stop = follow(windows.map((window) => window.person.external_id), {
    hello, message, happening, clock, ready: settled, lost: () => say("Anslutningen bröts. Försöker igen …"),
  });
}

function hello(data) {
  say("");
  if (epoch && epoch !== data.epoch) { // the demo was started anew: what is on the screen is no longer true
    windows.forEach((window) => window.clear());
    find("#happenings").replaceChildren();
  }
  epoch = data.epoch;
}

function settled() {
  ready = true;
  windows.forEach((window) => { window.busy(false); if (window.following) window.toEnd(); });
}

function message(data) {
  const window = windows.find((each) => each.person.external_id === data.to);
  if (!window?.show(data) || data.own || !ready || window.root.checkVisibility()) return;
  window.unread = (window.unread ?? 0) + 1;
  mark();
}

function happening({ text, at }) {
  const list = find("#happenings");
  if (list.firstElementChild?.dataset.said === `${at}${text}`) return;
  find("#latest").textContent = text;
  const line = element("li", {}, element("time", { dateTime: at, text: dayAndTime(at) }), element("span", { text }));
  line.dataset.said = `${at}${text}`;
  list.prepend(line);
  while (list.children.length > HAPPENINGS) list.lastElementChild.remove();
}

function clock(data) {
  now = data.now;
  nowFace.textContent = clockLine(now);
  nowFace.dateTime = now;
  moving(data.moving);
}

function moving(going) {
  document.body.classList.toggle("moving", going);
  for (const step of steps) step.setAttribute("aria-disabled", String(going));
}

function say(fault) {
  notice.hidden = !fault;
  notice.textContent = fault;
}

// --- what the user does

async function advance(step) {
  if (step.getAttribute("aria-disabled") === "true") return;
  moving(true);
  const label = step.textContent;
  step.textContent = "Går framåt …";
  try {
    say("");
    clock(await post("/api/clock", { days: Number(step.dataset.days) }));
  } catch (error) {
    say(error.message);
    moving(false);
  }
  step.textContent = label;
}

const actions = {
  choose,
  now: () => now,
  fault: say,
  say: ({ to, ref, text }) => post("/api/say", { as: to, text, id: ref }),
  edit: (as, ref, text) => post("/api/edit", { as, ref, text, id: crypto.randomUUID() }),
  press: (as, press, ref, id) => post("/api/press", { as, press, ref, id }),
};

function showTheme() {
  const { theme } = document.documentElement.dataset;
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  find("#theme").setAttribute("aria-pressed", String(dark));
  return dark;
}

function changeTheme() {
  const theme = showTheme() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  try { localStorage.setItem("theme", theme); } catch { /* private browsing */ }
  showTheme();
}

function key(event) {
  const number = event.altKey && !event.ctrlKey && /^Digit([1-3])$/.exec(event.code);
  if (number) { event.preventDefault(); goTo(Number(number[1]) - 1); }
  const writing = event.target.matches("textarea") && event.target.value;
  if (event.key === "?" && !writing && !keys.open) { event.preventDefault(); keys.showModal(); }
}

function wire() {
  for (const step of steps) step.addEventListener("click", () => advance(step));
  find("#theme").addEventListener("click", changeTheme);
  find("#help").addEventListener("click", () => keys.showModal());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  document.addEventListener("keydown", key);
  find("#windows").addEventListener("focusin", (event) => {
    const index = windows.findIndex((window) => window.root.contains(event.target));
    if (index >= 0 && index !== current) { current = index; mark(); }
  });
  showTheme();
}

async function begin() {
  wire();
  try {
    const answer = await fetchPeople();
    people = answer.people;
    clock(answer);
  } catch (error) {
    return say(error.message);
  }
  windows = firstChoice().map((person, index) => {
    const window = new ChatWindow(index + 1, actions);
    window.be(person, people);
    find("#windows").append(window.root);
    return window;
  });
  showTabs();
  listen();
  windows[0]?.field.focus({ preventScroll: true });
}

begin();
