import "server-only";
import { type CDPSession, chromium, type Page } from "@playwright/test";

// Whether a graph of 500 steps follows the hand. All groups are opened first, so that every step is a node of its own; then it is dragged
// and wheeled in a browser, once all of it in view and once in readable size. The browser says how long each task of the main thread took,
// and how much of that was its own work: the rest is other programs'.

const VIEWPORT = { width: 1440, height: 900 };
const DRAG_MS = 2_000;
const WHEEL_MS = 1_500;
const FRAME_MS = 16;
const REACH = 260;
const LONG_MS = 50;
const ZOOMS = { "all in view": 0, readable: 9 };
const STEADY_MS = 1_000;

export type Panning = { zoom: string; nodes: number; longTasks: number; longestMs: number; longestCpuMs: number };
type Task = { name: string; ph: string; pid: number; tid: number; dur?: number; tdur?: number; args: { name?: string; data?: { type?: string } } };

/** Pans the graph at `url`, as the session whose cookie is given. Undefined where there is no browser (CHROME_PATH names one). */
export async function pan(url: string, cookie: string): Promise<Panning[] | undefined> {
  const executablePath = process.env.CHROME_PATH;
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] }).catch(() => undefined);
  if (!browser) return undefined;
  try {
    const context = await browser.newContext({ viewport: VIEWPORT });
    const [name = "", value = ""] = cookie.split(/=(.*)/s);
    await context.addCookies([{ name, value, url: new URL(url).origin }]);
    const page = await context.newPage();
    await page.goto(url);
    await openGroups(page);
    const devtools = await context.newCDPSession(page);
    const all: Panning[] = [];
    for (const [zoom, times] of Object.entries(ZOOMS)) {
      await click(page, /^Fit the graph/);
      for (let at = 0; at < times; at++) await click(page, /^Zoom in/);
      await page.waitForTimeout(STEADY_MS);
      all.push({ zoom, ...(await measure(page, devtools)) });
    }
    return all;
  } finally {
    await browser.close();
  }
}

const click = (page: Page, name: RegExp) => page.getByRole("button", { name }).click();

/** Opens one group after the other, each where it is by then. */
async function openGroups(page: Page): Promise<void> {
  await page.locator("[data-node]").first().waitFor();
  const keys = await page.locator("[data-fold]").evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.fold as string));
  for (const key of keys) {
    const group = page.locator(`[data-fold="${key}"]`);
    await click(page, /^Fit the graph/);
    await group.focus();
    await page.keyboard.press("e");
    await group.waitFor({ state: "detached", timeout: 60_000 });
  }
}

/** Moves the graph by hand, then by wheel, and says what the browser saw of it. */
async function measure(page: Page, devtools: CDPSession): Promise<Omit<Panning, "zoom">> {
  const nodes = await page.locator("[data-node]").count();
  const seen: Task[] = [];
  const onData = ({ value }: { value: object[] }) => void seen.push(...(value as Task[]));
  devtools.on("Tracing.dataCollected", onData);
  await devtools.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel", "devtools.timeline"] } });
  await page.evaluate(() => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)));
    observer.observe({ type: "longtask", buffered: false });
    Object.assign(window, { longTasks: tasks });
  });
  await move(page);
  await page.waitForTimeout(100); // what is still to be told
  const long = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  const isTold = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
  await devtools.send("Tracing.end");
  await isTold;
  devtools.off("Tracing.dataCollected", onData);
  const moves = seen.find(({ name, args }) => name === "EventDispatch" && /^(pointer|mouse)move$/.test(args.data?.type ?? ""));
  const tasks = seen.filter(({ name, pid, tid }) => name.endsWith("RunTask") && pid === moves?.pid && tid === moves.tid);
  if (tasks.length === 0) throw new Error("the browser told of no task while the graph moved");
  const longest = (of: "dur" | "tdur") => Math.max(...tasks.map((task) => task[of] ?? 0)) / 1_000;
  return { nodes, longTasks: long.filter((ms) => ms > LONG_MS).length, longestMs: Math.max(longest("dur"), ...long), longestCpuMs: longest("tdur") };
}

async function move(page: Page): Promise<void> {
  const [x, y] = [VIEWPORT.width / 2, VIEWPORT.height * 0.75];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await during(DRAG_MS, (at) => page.mouse.move(x + REACH * Math.sin(at / 300), y + (REACH / 2) * Math.sin(at / 410)));
  await page.mouse.up();
  await during(WHEEL_MS, (at) => page.mouse.wheel(60 * Math.cos(at / 500), 45 * Math.sin(at / 350)));
}

async function during(ms: number, act: (at: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  for (let at = 0; at < ms; at = performance.now() - began) {
    await act(at);
    await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
  }
}
