// Turn the list of days into dates. Loaded by tools.js; nothing that is entered leaves this device.
import { calendar } from "./ics.js";
import { button, fill, inWeChat, lateWords, make } from "./dom.js";
import * as flight from "./flight.js";

const block = document.querySelector(".dates");
const list = block.querySelector(".days");
const { dates: say } = await lateWords();
const items = [...list.children].map((row) => {
  const [when, what] = row.children;
  return { row, when, plain: when.textContent, what: what.textContent, ...row.dataset };
});

const today = flight.today();

const message = make("p", { className: "dates__message", role: "status" });
const form = make("div", {}, make("p", {}, say.lead));
const dates = {};
const wrong = {};

function ask(name) {
  const input = make("input", { type: "date", id: `date-${name}`, className: "field dates__input" });
  input.addEventListener("change", () => {
    dates[name] = input.value && flight.parse(input.value);
    wrong[name] = input.value ? !dates[name] : input.validity.badInput;
    if (name === "flight" && (dates.flight || !input.value)) dates.flight ? flight.set(dates.flight) : flight.clear();
    if (dates.flight) import("./when.js"); // the days in the text
    reckon();
  });
  if (name === "flight" && flight.get()) {
    dates.flight = flight.get();
    input.value = flight.iso(dates.flight);
  }
  form.append(make("label", { htmlFor: input.id, className: "dates__label" }, say[name]), input);
}

// Show every date; return those still to come.
function reckon() {
  const events = [];
  let past = false;
  for (const { row, when, plain, what, uid, from, days, months } of items) {
    const start = dates[from];
    const date = start && (days ? flight.later(start, days) : flight.monthsLater(start, +months));
    const gone = Boolean(date) && date < today;
    past ||= gone;
    row.classList.toggle("day--gone", gone);
    when.replaceChildren(plain);
    if (!date) continue;
    const weekday = date.toLocaleDateString(document.documentElement.lang, { weekday: "short", timeZone: "UTC" });
    const time = make("time", { dateTime: flight.iso(date) }, `${flight.iso(date)} ${weekday}`);
    const until = fill(say.until, { date: flight.iso(date) });
    when.replaceChildren(time, gone ? say.gone : days ? "" : say.before_it, make("small", { className: "day__plain" }, plain));
    // A limit is remembered a week ahead, not on its last day.
    const remind = new Date(Math.max(flight.later(date, -7), today));
    if (!gone) events.push(days ? { uid, date, what } : { uid, date: remind, what: fill(say.with_limit, { what, until }) });
  }
  const left = dates.flight && dates.flight < today;
  let text = past ? (events.length ? (left ? say.past : say.late) : say.all_past) : "";
  if (Object.values(wrong).some(Boolean)) text = say.wrong;
  else if (!Object.values(dates).some(Boolean)) text = say.empty;
  message.textContent = text;
  return events;
}

function download() {
  const events = reckon();
  if (!events.length) return;
  const page = document.querySelector("[rel=canonical]").href;
  const file = new Blob([calendar(events, page)], { type: "text/calendar" });
  const link = make("a", { href: URL.createObjectURL(file), download: `${block.dataset.file}.ics` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  message.textContent = say.downloaded;
}

ask("flight");
for (const name of ["submission", "end", "porting"]) {
  if (items.some((item) => item.from === name)) ask(name);
}
block.querySelector(".dates__file").remove(); // the way without scripts
list.before(form, message);
if (dates.flight) reckon();
list.after(make("p", {}, inWeChat ? say.wechat : button(say.download, download)));
