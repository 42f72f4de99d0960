// Every page in a browser: axe-core in light and dark, as it opens and in use; the console; every request.
// npm run axe -- ADDRESS PAGE...   prints a JSON list of {page, check, rule, where, text}
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TYPED = { date: "2027-03-15", search: "预付卡", email: "zhang@example.org", tel: "0470 12 34 56" };
const [address, ...pages] = process.argv.slice(2);

// Use a page: open what opens, tick every other box, fill in every field.
function use(typed) {
  let used = 0;
  for (const one of document.querySelectorAll("details:not([open])")) { one.open = true; used++; }
  for (const one of document.querySelectorAll("input, textarea")) {
    if (!one.checkVisibility() || one.readOnly || one.disabled) continue;
    if (one.type === "checkbox" || one.type === "radio") { if (used % 2) one.click(); }
    else {
      one.value = typed[one.type] ?? "Zhang San";
      for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    used++;
  }
  return used;
}

async function look(page, name, found) {
  const own = url => [address, "data:", "blob:", "about:"].some(start => url.startsWith(start));
  const add = (check, rule, where, text) => found.push({ page: name, check, rule, where, text });
  const complain = text => add("browser", "console", "", `${text} The browser's console says where.`);
  page.on("console", said => ["error", "warning"].includes(said.type()) && complain(said.text()));
  page.on("pageerror", error => complain(String(error)));
  await page.route("**/*", route => own(route.request().url()) ? route.continue() : route.abort());
  page.on("request", request => own(request.url()) ||
    add("requests", "own host only", request.url(), "The page asks another host. Take the file into theme/static/, or link to it."));
  await page.goto(address + name.replace(/index\.html$/, ""), { waitUntil: "networkidle" });
  for (const state of ["as it opens", "in use"]) {
    if (state === "in use" && !(await page.evaluate(use, TYPED))) continue;
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).options({
        runOnly: { type: "tag", values: TAGS }, rules: { "target-size": { enabled: true } }, preload: false,
      }).analyze();
      for (const { id, help, helpUrl, nodes } of violations)
        for (const { target, failureSummary } of nodes)
          add("axe", id, target.join(" "), `(${colorScheme}, ${state}) ${help}. ${failureSummary} See ${helpUrl}`);
    }
  }
}

const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH, args: ["--no-sandbox"] });
const found = [];
async function work() {
  for (let name; (name = pages.shift()); ) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    await look(await context.newPage(), name, found);
    await context.close();
  }
}
await Promise.all([work(), work()]);
await browser.close();
console.log(JSON.stringify(found));
