import { defineConfig } from '@playwright/test';

// PORT lets several runs stand beside each other.
const port = Number(process.env['PORT'] ?? 4187);

// `cargo xtask test` asks for a test of each kind, `--all` for every one.
const kinds = process.env['TESTS'] === 'kinds';

const chromium = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--headless=new',
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
/** Chromium without a window's own parts, which take half of a page's time; it has no WebGPU. */
const shell = { ...chromium, executablePath: process.env['HEADLESS_SHELL'] ?? chromium.executablePath };
/**
 * Chromium's own graphics adapter in software, as in webdriver.json. The last one keeps Chromium from composing pages by
 * OpenGL in software, which cannot show what WebGPU has drawn and loses the device over it.
 */
const webgpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan', '--use-angle=gl-egl'];

/** Software is slow, and shaders have to be compiled for every page anew. */
const inSoftware = {
  timeout: 180_000,
  expect: { timeout: 90_000 },
  use: { launchOptions: { ...chromium, args: [...chromium.args, ...webgpu] } },
};
/** What measures how busy the page's thread is. */
const alone = '**/smoothness.spec.ts';

export default defineConfig({
  testDir: 'tests/browser',
  timeout: 90_000,
  expect: { timeout: 30_000 },
  workers: 2,
  fullyParallel: true,
  ...(kinds && { grepInvert: /@full/ }),
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1400, height: 900 },
  },
  projects: [
    { name: 'cpu', testIgnore: ['**/webgpu*.spec.ts', alone], use: { launchOptions: shell } },
    { name: 'webgpu', testMatch: '**/webgpu*.spec.ts', ...inSoftware },
    // After all others, one by one: beside another browser even a thread's own time grows. `--no-deps` runs these only.
    { name: 'cpu alone', testMatch: alone, fullyParallel: false, dependencies: ['cpu', 'webgpu'], use: { launchOptions: shell } },
    ...(kinds ? [] : [{ name: 'webgpu alone', testMatch: alone, fullyParallel: false, dependencies: ['cpu alone'], ...inSoftware }]),
  ],
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --strictPort --port ${port}`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
});
