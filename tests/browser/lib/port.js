// A free port, for programs that cannot choose one themselves. It lies below the ports that the system gives to outgoing
// connections and to servers that ask for any, so that none of those takes it before its program does.

import { once } from "node:events";
import { createServer } from "node:net";

const FIRST = 10_000;
/** The tests of the portal itself take those from 20,000. */
const COUNT = 10_000;

/** Other processes take some too, so each begins elsewhere. */
let next = Math.floor(Math.random() * COUNT);

/** A port that this process has given to nobody else. */
export async function freePort() {
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = FIRST + (next++ % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${FIRST} to ${FIRST + COUNT} is free`);
}

async function isFree(port) {
  const server = createServer().listen(port, "127.0.0.1");
  const isFree = await once(server, "listening").then(() => true, () => false);
  if (isFree) await once(server.close(), "close");
  return isFree;
}
