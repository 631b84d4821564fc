import type { Server } from "node:http";
import { invalidOption } from "@cloister/model";

/** Where a server listens. */
export type Place = { readonly host: string; readonly port: number };

/** This machine only. */
export const LOOPBACK = "127.0.0.1";

/** How long a head or a whole request may take to come in, unless told otherwise. */
export const SLOW_MS = 20_000;

/** Settings of a server that does not wait for those who never finish what they say. */
export function impatience(slowMs: number): {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly connectionsCheckingInterval: number;
} {
  return {
    headersTimeout: slowMs,
    requestTimeout: slowMs,
    connectionsCheckingInterval: Math.min(1_000, slowMs),
  };
}

/** @throws invalidOption */
export function checkPort(port: number): void {
  if (!Number.isSafeInteger(port) || port < 0 || port > 65_535) {
    throw invalidOption("port", port, "must be a port number");
  }
}

/** Takes the port (0: any free one) and tells which; rejects when it cannot be had. */
export async function listen(server: Server, { host, port }: Place): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      done();
    });
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Cuts every HTTP connection and frees the port. */
export async function stopListening(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((done) => {
    server.close(() => done());
  });
}

/** A host as it stands in a URL. */
export function hostInUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** What a body looks like, for a content-type header. */
export function contentTypeOf(body: string): string {
  if (body.startsWith("<")) return "text/html";
  return /^(?:[[{"\d-]|null$|true$|false$)/.test(body) ? "application/json" : "text/plain";
}
