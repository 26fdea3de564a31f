// One person's window: header with the choice of who to be, the messages, the line to write on.

import { bubble, element } from "./message.js";
import { dayLine, examples, initials } from "./words.js";

const KEPT = 400;
const NEAR = 80; // pixels from the end within which new messages are followed
const GAP = 12; // above a message that is longer than its window

export class ChatWindow {
  /** `actions`: choose(window, id), say, edit, press (each returns a promise), now() → the virtual moment. */
  constructor(number, actions) {
    this.actions = actions;
    this.root = document.querySelector("#window").content.cloneNode(true).firstElementChild;
    this.root.id = `window-${number}`;
    const find = (selector) => this.root.querySelector(selector);
    [this.log, this.list, this.field, this.select] = [".scroll", ".messages", "textarea", "select"].map(find);
    [this.empty, this.newer, this.editing] = [".empty", ".newer", ".editing"].map(find);
    this.shown = new Map(); // reference → { message, said, node }
    this.listen(find);
  }

  listen(find) {
    this.select.addEventListener("change", () => this.actions.choose(this, this.select.value));
    find("form").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    find(".editing button").addEventListener("click", () => this.stopEditing());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("input", () => this.grow());
    this.newer.addEventListener("click", () => { this.toEnd(); this.field.focus(); });
    this.log.addEventListener("scroll", () => { if (this.atEnd()) this.newer.hidden = true; });
    new ResizeObserver(() => { if (this.following) this.toEnd(); }).observe(this.list);
    this.log.addEventListener("scroll", () => { this.following = this.atEnd(); });
    this.following = true;
  }

  be(person, people) {
    const changed = this.person?.external_id !== person.external_id;
    this.person = person;
    const named = `${person.name}, ${person.role}`;
    this.root.setAttribute("aria-label", named);
    this.root.querySelector("h2").textContent = person.name;
    this.root.querySelector(".names p").textContent = `${person.role} · ${person.unit}`;
    this.root.querySelector(".face-mark").textContent = initials(person.name);
    this.log.setAttribute("aria-label", `Meddelanden för ${person.name}`);
    this.field.setAttribute("aria-label", `Skriv som ${person.name}`);
    this.select.setAttribute("aria-label", `Vem är du i det här fönstret? Nu ${named}`);
    this.offer(people);
    if (changed) this.clear();
  }

  offer(people) {
    const units = new Map();
    for (const person of people) units.set(person.unit, [...(units.get(person.unit) ?? []), person]);
    this.select.replaceChildren(...[...units].map(([unit, members]) => {
      const options = members.map(({ external_id: value, name, role }) =>
        element("option", { value, text: `${name} – ${role}` }));
      return element("optgroup", { label: unit }, ...options);
    }));
    this.select.value = this.person.external_id;
    const chips = examples(this.person.role).map((text) => {
      const chip = element("button", { type: "button", text });
      chip.addEventListener("click", () => { this.send(text); this.field.focus(); });
      return chip;
    });
    this.root.querySelector(".chips").replaceChildren(...chips);
    this.field.placeholder = examples(this.person.role)[0];
  }

  clear() {
    this.shown.clear();
    this.list.replaceChildren();
    this.empty.hidden = false;
    this.following = true;
    this.newer.hidden = true;
    this.stopEditing();
  }

  /** Show a message, in its place; one shown before under the same reference changes where it stands. */
  show(message) {
    const before = this.shown.get(message.ref);
    const said = JSON.stringify(message);
    if (before?.said === said) return false;
    const follow = this.following || message.state === "sending";
    const hadFocus = before?.node.contains(document.activeElement);
    const node = bubble(message, {
      press: (...pressed) => this.press(...pressed), retry: (failed) => this.deliver(failed),
    });
    before?.node.remove();
    node.dataset.place = message.place;
    this.shown.set(message.ref, { message, said, node });
    this.place(node);
    this.empty.hidden = true;
    if (hadFocus) this.field.focus(); // the pressed button is gone: do not drop the keyboard's place
    if (follow) this.toEnd();
    else this.newer.hidden = Boolean(before);
    return !before;
  }

  place(node) {
    const items = [...this.list.querySelectorAll(".message")];
    const next = items.findLast((item) => Number(item.dataset.place) < Number(node.dataset.place));
    if (next) next.after(node);
    else this.list.prepend(node);
    if (items.length >= KEPT) this.drop(items[0]);
    this.separate();
  }

  drop(item) {
    item.remove();
    for (const [ref, { node }] of this.shown) if (node === item) this.shown.delete(ref);
  }

  separate() {
    let day = "";
    for (const item of [...this.list.children]) {
      if (!item.classList.contains("message")) { item.remove(); continue; }
      const at = item.querySelector("time").dateTime;
      if (at.slice(0, 10) === day) continue;
      day = at.slice(0, 10);
      item.before(element("li", { className: "day", text: dayLine(at) }));
    }
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return;
    if (this.changing) this.edit(text);
    else this.send(text);
    this.field.value = "";
    this.grow();
  }

  send(text) {
    const ref = crypto.randomUUID();
    this.deliver({
      to: this.person.external_id, ref, text, at: this.actions.now(), own: true,
      fields: [], buttons: [], files: [], replaces: "", place: Number.MAX_SAFE_INTEGER,
    });
  }

  // The same reference again on every try: the server hears the line once.
  async deliver({ state: _state, fault: _fault, ...message }) {
    this.show({ ...message, state: "sending" });
    try {
      await this.actions.say(message);
    } catch (error) {
      if (this.shown.get(message.ref)?.message.state) this.show({ ...message, state: "failed", fault: error.message });
    }
  }

  async edit(text) {
    const { ref } = this.changing;
    this.stopEditing();
    try {
      await this.actions.edit(this.person.external_id, ref, text);
    } catch (error) {
      this.actions.fault(error.message);
    }
  }

  async press(message, press, pressed) {
    if (pressed.getAttribute("aria-disabled") === "true") return;
    const row = [...pressed.parentElement.children];
    pressed.classList.add("pressed");
    for (const choice of row) choice.setAttribute("aria-disabled", "true");
    // One id for each button: a second try after a lost answer is the same press.
    pressed.dataset.id ??= crypto.randomUUID();
    try {
      await this.actions.press(message.to, press, message.ref, pressed.dataset.id);
      delete pressed.dataset.id;
    } catch (error) {
      this.actions.fault(error.message);
    }
    for (const choice of row) choice.removeAttribute("aria-disabled");
    pressed.classList.remove("pressed");
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    else if (event.key === "ArrowUp" && !this.field.value) { event.preventDefault(); this.startEditing(); }
    else if (event.key === "Escape" && this.changing) { event.stopPropagation(); this.stopEditing(); }
  }

  startEditing() {
    const own = [...this.shown.values()].map(({ message }) => message).filter(({ own, state }) => own && !state);
    this.changing = own.sort((a, b) => a.place - b.place).at(-1);
    if (!this.changing) return;
    this.editing.hidden = false;
    this.field.value = this.changing.text;
    this.grow();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  stopEditing() {
    if (this.changing) this.field.value = "";
    this.changing = undefined;
    this.editing.hidden = true;
    this.grow();
  }

  grow() {
    this.field.style.height = "auto";
    if (this.field.value) this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  busy(loading) {
    this.log.setAttribute("aria-busy", String(loading));
  }

  /** Where one reads on: the end, but never past the beginning of the newest message. */
  end() {
    const newest = this.list.lastElementChild;
    const begins = newest ? newest.offsetTop - this.log.offsetTop - GAP : Infinity;
    return Math.min(begins, this.log.scrollHeight - this.log.clientHeight);
  }

  atEnd() {
    return this.end() - this.log.scrollTop < NEAR;
  }

  toEnd() {
    this.log.scrollTop = this.end();
    this.newer.hidden = true;
  }
}
