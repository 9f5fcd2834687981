// Opens pages in the installed Chromium and says what it saw, as JSON on one line.
//
//   node browser.mjs FOLDER_WITH_NODE_MODULES PDF_FOLDER PAGE…
//
// Of each page: what its console said, which requests left it, dead links, what axe-core finds in both themes, wide and
// narrow, how long each filter takes in milliseconds, whether the filters show what they should, and a PDF of the page.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

const [, , modules, pdfs, ...pages] = process.argv;
const require = createRequire(join(modules, "node_modules/"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
// axe-core takes a minute for a page with everything open: each way of showing it is judged once, in one of the languages. The
// page of many roles has the same parts many times over and is judged as it opens.
const judged = { "utility.en.html": ["1440 light", "390 dark"], "utility.de.html": ["1440 dark", "390 light"], "many.html": ["1440 light", "390 dark"] };
const closed = ["many.html"];
const seen = [];
for (const file of pages) {
  const found = { file, console: [], requests: [], dead: [], violations: [], times: {}, shown: {}, wide: [] };
  for (const [width, colorScheme] of [[1440, "light"], [1440, "dark"], [390, "light"], [390, "dark"]]) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on("console", (message) => found.console.push(message.text()));
    page.on("pageerror", (error) => found.console.push(String(error)));
    page.on("request", (request) => request.url().startsWith("file:") || found.requests.push(request.url()));
    await page.goto(`file://${file}`);
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.wide.push(width);
    if (width === 1440 && colorScheme === "light") {
      found.dead = await page.evaluate(() =>
        [...document.querySelectorAll("a")].map((a) => a.getAttribute("href")).filter((to) => !to.startsWith("#") || !document.getElementById(to.slice(1))),
      );
      const filter = (name, value) =>
        page.evaluate(([name, value]) => {
          const field = document.getElementById("f-" + name);
          if (!field) return null;
          field.value = value;
          const start = performance.now();
          field.dispatchEvent(new Event("input", { bubbles: true }));
          document.body.offsetHeight;
          const time = performance.now() - start;
          const rows = [...document.querySelectorAll(".matrix tr[data-d]")].filter((row) => row.offsetHeight > 0);
          const marks = [...document.querySelectorAll(".matrix [data-k]")].filter((mark) => mark.getClientRects().length > 0);
          return { time, rows: rows.map((row) => row.dataset.d), marks: marks.map((mark) => mark.dataset.k) };
        }, [name, value]);
      // Of several times the best is the page's own; the others are those of a busy machine.
      for (let round = 0; round < 8; round += 1) {
        for (const [name, value] of [["search", "p"], ["search", "plain"], ["search", "plain text"], ["search", "no such words"], ["search", ""], ["role", "2"], ["role", ""], ["client", "outlook"], ["client", ""], ["status", "gap"], ["status", "duty"], ["status", "from-default"], ["status", ""], ["topic", "f-content"], ["topic", ""]]) {
          const result = await filter(name, value);
          if (result === null) continue;
          const known = found.times[`${name}=${value}`];
          found.times[`${name}=${value}`] = known === undefined ? result.time : Math.min(result.time, known);
          found.shown[`${name}=${value}`] = { rows: result.rows, marks: [...new Set(result.marks)] };
        }
      }
      // By keyboard alone: the first stop leads to the content, and a cell to its trail, which opens.
      await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
      await page.keyboard.press("Tab");
      found.first = await page.evaluate(() => document.activeElement.getAttribute("href"));
      await page.evaluate(() => document.querySelector(".matrix td a[href$='--thunderbird']").focus());
      const to = await page.evaluate(() => document.activeElement.getAttribute("href").slice(1));
      await page.keyboard.press("Enter");
      await page.waitForTimeout(100);
      found.followed = await page.evaluate((to) => { const part = document.getElementById(to); const box = part.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight && part.open !== false; }, to);
      await page.pdf({ path: join(pdfs, basename(file) + ".pdf"), preferCSSPageSize: true, printBackground: true });
    }
    // All parts are open when axe looks, so that it sees their content.
    if (!closed.includes(basename(file))) await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
    if (judged[basename(file)] === undefined ? width === 1440 && colorScheme === "light" : judged[basename(file)].includes(`${width} ${colorScheme}`)) {
      await page.evaluate(axe);
      const result = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of result.violations) {
        found.violations.push(`${width} ${colorScheme} ${violation.id}: ${violation.nodes.length} × ${violation.nodes[0].html.slice(0, 160)} ${violation.nodes[0].failureSummary.slice(0, 300)}`);
      }
    }
    await page.close();
  }
  seen.push(found);
}
await browser.close();
console.log(JSON.stringify(seen));
