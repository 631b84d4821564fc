import { createServer } from "node:http";
import type { Clock } from "@cloister/model";
import {
  checkPort,
  hostInUrl,
  impatience,
  listen,
  LOOPBACK,
  SLOW_MS,
  stopListening,
} from "../doors/listening.ts";
import { onUpgrade } from "../doors/upgrade.ts";
import { stoppableClock } from "../doors/stoppable-clock.ts";
import type { Faults } from "../faults/faults.ts";
import { RequestRelay } from "./request-relay.ts";
import { UpgradeRelay } from "./upgrade-relay.ts";
import { readUpstream } from "./upstream.ts";

export type ProxyTerms = {
  /** Where everything goes: an http, https, ws or wss URL of anything that speaks Hyperliquid. */
  readonly upstream: string;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** 0 (default) takes any free port. */
  readonly port?: number;
  /** What happens on the way; see `checkProxyPlan` for what a network can do. None by default. */
  readonly faults?: Faults;
  readonly clock: Clock;
  /** How long the upstream may say nothing to a request or a handshake, ms. Default 60,000. */
  readonly patienceMs?: number;
};

export type ServedProxy = {
  /** "http://127.0.0.1:4000" */
  readonly http: string;
  /** "ws://127.0.0.1:4000/ws" */
  readonly ws: string;
  /** Where everything goes. */
  readonly upstream: string;
  /** Cuts every connection on both sides and frees the port. */
  close(): Promise<void>;
};

/** Longer than clients keep idle connections. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Puts a network with faults between clients and an endpoint: HTTP and WebSocket on one port, every other byte of a
 * message as it was.
 * @throws invalidOption for a bad port or upstream; rejects when the port cannot be had.
 */
export async function serveProxy(terms: ProxyTerms): Promise<ServedProxy> {
  const { host = LOOPBACK, port = 0, faults = {}, patienceMs = 60_000 } = terms;
  checkPort(port);
  const upstream = readUpstream(terms.upstream);
  const clock = stoppableClock(terms.clock);
  const shared = { upstream, patienceMs, faults, clock };
  const requests = new RequestRelay(shared);
  const upgrades = new UpgradeRelay(shared);
  const server = createServer(impatience(SLOW_MS), (request, response) => {
    requests.take({ request, response });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  onUpgrade(server, (knock) => upgrades.take(knock));
  const taken = await listen(server, { host, port });
  const name = `${hostInUrl(host)}:${taken}`;
  return {
    http: `http://${name}`,
    ws: `ws://${name}/ws`,
    upstream: upstream.http,
    async close() {
      clock.stop();
      upgrades.close();
      await stopListening(server);
    },
  };
}
