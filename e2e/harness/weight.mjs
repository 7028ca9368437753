// What a first visit costs on the network, as the browser counts it: headers and compressed bodies.
import { BASE, theBrowser } from './browser.mjs';

/** Bytes received on a first visit, in all and of HTML, and the addresses asked. */
export async function weigh(path, { headers = {}, javascript = true } = {}) {
  const context = await (await theBrowser()).newContext({ extraHTTPHeaders: headers, javaScriptEnabled: javascript });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const types = new Map();
  const weight = { total: 0, html: 0, requests: 0, asked: [] };
  session.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  page.on('request', (request) => weight.asked.push(request.url()));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    weight.total += encodedDataLength;
    weight.requests += 1;
    if (types.get(requestId) === 'Document') weight.html += encodedDataLength;
  });
  await page.goto(BASE + path, { waitUntil: 'networkidle' });
  await context.close();
  return weight;
}
