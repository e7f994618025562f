// Browsers, each driven in its own way, behind the few things that a person does with one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import puppeteer from 'puppeteer-core';
import { Builder, Key } from 'selenium-webdriver';

/** Pixels of the window's content. */
const size = { width: 1400, height: 900 };
/** Milliseconds that a step may take on a slow machine, beside others. */
export const patience = 180_000;

export const chromium = () =>
  byPuppeteer('chrome', process.env.CHROMIUM ?? '/usr/bin/chromium', ['--no-sandbox', '--disable-quic', '--disable-background-networking']);

/** By WebDriver BiDi, which it speaks without a driver. */
export const firefox = () => byPuppeteer('firefox', process.env.FIREFOX ?? '/usr/bin/firefox-esr', []);

async function byPuppeteer(browser, executablePath, args) {
  const launched = await puppeteer.launch({ browser, executablePath, args, defaultViewport: size, protocolTimeout: patience });
  const page = await launched.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', ({ message }) => errors.push(message));
  return {
    /** A document of its own, even where addresses differ behind the `#` only. */
    async open(address) {
      await page.goto('about:blank');
      await page.goto(address);
    },
    evaluate: (act, ...given) => page.evaluate(act, ...given),
    async drag(from, to) {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 4 });
      await page.mouse.up();
    },
    press: (key) => page.keyboard.press(key),
    /** An item of a menu, by its value. */
    async choose(menu, value) {
      const found = await page.evaluateHandle((menu) => window.probe.find(menu)[0], menu);
      await found.select(value);
    },
    /** A PNG, in base64. */
    screenshot: () => page.screenshot({ encoding: 'base64' }),
    /** Since the browser was opened. */
    errors: async () => errors,
    hasCrashed: async () => false,
    close: () => launched.close(),
  };
}

/** WebKitGTK's own small browser, on a screen in memory. */
export async function webkit() {
  const screen = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [display] = await once(screen.stdout, 'data');
  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${String(display).trim()}` };
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: ['inherit', 'inherit', 'pipe'] });
  let log = '';
  driver.stderr.on('data', (words) => {
    process.stderr.write(words);
    log += words;
  });
  const server = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${server}/status`).catch(() => null)));
  const browser = await new Builder().usingServer(server).withCapabilities({ browserName: 'MiniBrowser' }).build();
  await browser.manage().setTimeouts({ script: patience, pageLoad: patience });
  await browser.manage().window().setRect(size);
  // Its bars are a part of the window.
  const [width, height] = await browser.executeScript('return [innerWidth, innerHeight]');
  await browser
    .manage()
    .window()
    .setRect({ width: 2 * size.width - width, height: 2 * size.height - height });
  const errors = [];
  const keepErrors = async () => errors.push(...((await browser.executeScript('return window.probe?.errors.splice(0)')) ?? []));
  return {
    async open(address) {
      await keepErrors();
      await browser.get('about:blank');
      await browser.get(address);
    },
    evaluate: (act, ...given) => browser.executeScript(act, ...given),
    drag: (from, to) => browser.actions().move(from).press().move(to).release().perform(),
    press: (key) => browser.actions().sendKeys(Key[key.toUpperCase()]).perform(),
    async choose(menu, value) {
      const item = await browser.executeScript((menu, value) => window.probe.find(menu, `[value="${value}"]`)[0], menu, value);
      await item.click();
    },
    screenshot: () => browser.takeScreenshot(),
    async errors() {
      await keepErrors();
      return errors;
    },
    /** Whether the process that shows the page has crashed, as its browser says; the driver alone does not tell that from a hang. */
    async hasCrashed() {
      // Answered, or refused, after the browser has noticed.
      await browser.getTitle().catch(() => {});
      return log.includes('WebProcess CRASHED');
    },
    async close() {
      // After a crash there is no session any more.
      await browser.quit().catch((error) => error.name === 'NoSuchSessionError' || Promise.reject(error));
      driver.kill();
      screen.kill();
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
