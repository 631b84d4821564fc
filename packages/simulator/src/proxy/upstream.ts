import { type ClientRequest, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { invalidOption } from "@cloister/model";

/** The endpoint behind a proxy. */
export type Upstream = {
  /** "https://host:1234/base", as it is spoken to. */
  readonly http: string;
  readonly ws: string;
  /** Opens a request for a path of the client. */
  ask(path: string, options: RequestOptions): ClientRequest;
};

const SCHEMES: Readonly<Record<string, "http:" | "https:">> = {
  "http:": "http:",
  "https:": "https:",
  "ws:": "http:",
  "wss:": "https:",
};

/** Reads an address; http and ws mean the same endpoint, and so do https and wss. @throws invalidOption */
export function readUpstream(text: string): Upstream {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url === undefined ? undefined : SCHEMES[url.protocol];
  if (url === undefined || scheme === undefined || url.hostname === "") {
    throw invalidOption("upstream", text, "must be an http, https, ws or wss URL");
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw invalidOption("upstream", "URL", "must have no name, password, query or fragment");
  }
  const base = url.pathname.replace(/\/+$/, "");
  const isSafe = scheme === "https:";
  return {
    http: `${scheme}//${url.host}${base}`,
    ws: `${isSafe ? "wss:" : "ws:"}//${url.host}${base}`,
    // A connection for each request: one that is kept may be closed just when an order is written on it.
    ask: (path, options) =>
      (isSafe ? httpsRequest : httpRequest)({
        hostname: url.hostname.replace(/^\[|\]$/g, ""),
        port: url.port === "" ? (isSafe ? 443 : 80) : Number(url.port),
        path: `${base}${path}`,
        agent: false,
        ...options,
      }),
  };
}
