// What may still be charged when a contract ends, and what comes back of prepaid credit. Every limit is a fact of the page;
// what only the reader's contract says (the value of the device in its table) is asked for, not guessed.
import { fill, make, words } from "./dom.js";

const FREE_AFTER = 6; // months of a fixed term, as the page says in its first rule
const say = words();
const limits = words("limits");
const part = (name, className, ...children) => make(name, { className }, ...children);
const euros = (amount) => `€${amount.toFixed(2).replace(/\.00$/, "")}`;

function field(id, type, properties = {}) {
  const input = make("input", { id: `sum-${id}`, className: "field", type, autocomplete: "off", ...properties });
  if (type === "text") input.inputMode = "decimal";
  return [input, part("p", "compose__field", make("label", { htmlFor: input.id }, say[id]), input)];
}

// A sum as people type it, with a comma or a point; null when it is none.
function amount(input) {
  const text = input.value.replace(/[€\s]/g, "").replace(",", ".");
  return /^\d{1,5}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
}

// The day so many months after another, the last of the month where there is none.
function later(day, months) {
  const end = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months + 1, 0));
  return new Date(Math.min(end, Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, day.getUTCDate())));
}

// Whole months from one day to another.
function between(one, other) {
  let months = (other.getUTCFullYear() - one.getUTCFullYear()) * 12 + other.getUTCMonth() - one.getUTCMonth();
  while (later(one, months) > other) months -= 1;
  return months;
}

// A block of fields whose answer is worked out anew with each thing typed.
function block(name, children, answer) {
  const result = make("div", { className: "surface", role: "status" });
  const form = part("div", "compose__form", ...children);
  const show = () => result.replaceChildren(...[answer()].flat().map((text) => make("p", {}, text)));
  form.addEventListener("input", show);
  document.querySelector(`[data-sum="${name}"]`).append(form, result);
  show();
}

const [fixed, fixedField] = (() => {
  const select = make("select", { id: "sum-fixed", className: "field" });
  for (const kind of ["open", "fixed"]) select.append(make("option", { value: kind }, say[kind]));
  return [select, part("p", "compose__field", make("label", { htmlFor: select.id }, say.kind), select)];
})();
const [start, startField] = field("start", "date");
const [end, endField] = field("end", "date");
const [term, termField] = field("term", "text", { value: "24" });
const [fee, feeField] = field("fee", "text");
const [device, deviceField] = field("device", "text");

function plan() {
  const isFixed = fixed.value === "fixed";
  termField.hidden = !isFixed;
  feeField.hidden = !isFixed;
  const [from, to] = [start, end].map((input) => input.valueAsDate);
  const [monthly, value, length] = [fee, device, term].map(amount);
  if (!from || !to) return say.ask_days;
  if (to < from) return say.wrong_days;
  const used = between(from, to);
  const lines = [];
  let owed = 0;
  if (isFixed && used < FREE_AFTER) {
    if (monthly === null) return say.ask_fee;
    owed += (FREE_AFTER - used) * monthly;
    lines.push(fill(say.early, { used, months: FREE_AFTER - used, fee: euros(monthly), sum: euros((FREE_AFTER - used) * monthly) }));
  } else lines.push(isFixed ? fill(say.late, { used }) : say.no_term);
  if (used >= limits.device) lines.push(fill(say.device_over, { months: limits.device }));
  else if (value === null) return [...lines, say.ask_device];
  else if (isFixed && value) {
    if (monthly === null || !length) return [...lines, say.ask_fee];
    const whole = between(to, later(from, length));
    const rest = Math.max(0, later(to, whole) < later(from, length) ? whole + 1 : whole);
    const least = Math.min(value, rest * monthly);
    owed += least;
    lines.push(fill(say.device_fixed, { value: euros(value), months: rest, fees: euros(rest * monthly), sum: euros(least) }));
  } else {
    owed += value;
    lines.push(fill(value ? say.device_open : say.device_none, { value: euros(value) }));
  }
  return [make("b", {}, fill(say.total, { sum: euros(owed) })), ...lines];
}

const [left, leftField] = field("left", "text");
const [last, lastField] = field("last", "text");

function credit() {
  const [rest, topped] = [left, last].map(amount);
  if (rest === null || topped === null) return say.ask_credit;
  const counted = Math.min(rest, topped);
  const back = Math.max(0, counted - limits.fee);
  const how = fill(say.counted, { counted: euros(counted), fee: euros(limits.fee) });
  return [make("b", {}, back ? fill(say.back, { sum: euros(back) }) : say.no_back), how];
}

block("plan", [fixedField, startField, endField, termField, feeField, deviceField], plan);
block("credit", [leftField, lastField], credit);
