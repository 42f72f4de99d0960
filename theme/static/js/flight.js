// The day of the flight, given once for all pages; and what is reckoned from it. Days are dates at midnight, UTC.
import { listen, read, write } from "./kept.js";

const KEY = "flight:1";
const utc = (year, month, day) => new Date(Date.UTC(year, month, day));

// A date that exists, as YYYY-MM-DD or as people type it where there is no date picker.
export function parse(text) {
  const [year, month, day] = (/^\s*(20\d\d)\D(\d\d?)\D(\d\d?)\D?\s*$/.exec(text) ?? []).slice(1);
  const date = utc(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date;
}

export const iso = (date) => date.toISOString().slice(0, 10);
export const later = (date, days) => new Date(+date + days * 86400000);

// The same day so many months later, or the last of that month: 31 January gives 28 February.
export function monthsLater(date, months) {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()];
  return new Date(Math.min(utc(year, month + 1, 0), utc(year, month, day)));
}

export function today() {
  const now = new Date();
  return utc(now.getFullYear(), now.getMonth(), now.getDate());
}

export const get = () => parse(read(KEY)) || null;
export const set = (date) => write(KEY, iso(date));
export const clear = () => write(KEY, "");
export const onChange = (run) => listen(KEY, () => run(get()));
