// Reads what the page that Vite has built says in Chromium; after the word `dev`, what it says from Vite's dev server, as the package's
// README has that set. Run by tests/install in the project itself.
import { chromium } from 'playwright-core';
import { createServer, preview } from 'vite';

const at = { host: '127.0.0.1', port: 0 };
async function develop() {
  const server = await createServer({ logLevel: 'error', server: at, optimizeDeps: { exclude: ['byleave-wasm'] } });
  return server.listen();
}
const server = await (process.argv[2] === 'dev' ? develop() : preview({ logLevel: 'error', preview: at }));
const shown = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await shown.newPage();
  page.on('pageerror', (error) => console.error(String(error)));
  const { port } = server.httpServer.address();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction(() => document.querySelector('pre').textContent.includes('\n'), { timeout: 20_000 });
  process.stdout.write(await page.textContent('pre'));
} finally {
  await shown.close();
  await server.close();
}
