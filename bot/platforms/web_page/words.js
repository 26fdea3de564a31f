// Dates in words and examples to try. A moment is always read as the local time it says ("2026-11-23T08:00:00+01:00"):
// the browser's own time zone has no part in the demo.

const asUTC = (iso) => new Date(`${iso.slice(0, 16)}Z`);
const format = (options) => new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", ...options });
const weekdays = format({ weekday: "short" });
const days = format({ day: "numeric", month: "short", year: "numeric" });

export function week(iso) {
  const day = asUTC(iso);
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7)); // the week's Thursday decides its year
  const first = Date.UTC(day.getUTCFullYear(), 0, 1);
  return Math.ceil(((day - first) / 864e5 + 1) / 7);
}

export const time = (iso) => iso.slice(11, 16);

export function date(iso) {
  const moment = asUTC(iso);
  return `${weekdays.format(moment)} ${days.format(moment)}`.replaceAll(".", "");
}

export const dayLine = (iso) => `${date(iso)} · v ${week(iso)}`;
// In a narrow window the line is broken before the clock, and nowhere else.
export const clockLine = (iso) => `${held(date(iso))} ${held(`kl ${time(iso)} · v ${week(iso)}`)}`;
export const dayAndTime = (iso) => `${weekdays.format(asUTC(iso)).replace(".", "")} ${time(iso)}`;

const held = (text) => text.replaceAll(" ", "\u00a0");

/** What people and the bot wrote, with a week's number kept beside its "v", and hours beside their "h". */
export const readable = (text) => text.replace(/\bv (?=\d)/g, "v\u00a0").replace(/(\d) (?=(h|min)\b)/g, "$1\u00a0");

const EXAMPLES = [
  [/^st-?läkare|^at-?läkare|^bt-?läkare|vikarie/i,
    ["handledning idag 1h etik", "mini-cex igår", "boka handledning varje torsdag 13-14", "sjuk idag", "status"]],
  [/handledare/i, ["par", "handledning idag 1h", "status", "hjälp"]],
  [/studierektor/i, ["översikt", "digest", "regler", "hjälp"]],
  [/./, ["översikt", "status", "hjälp"]],
];

export const examples = (role) => EXAMPLES.find(([pattern]) => pattern.test(role))?.[1] ?? ["hjälp"];

export const initials = (name) => {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.[0] ?? "").join("").toUpperCase();
};
