// How Chromium starts, as root too. The network may be closed: without these flags it calls its maker's hosts at every start.
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  // Without a graphics card, the large map is drawn by software.
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
