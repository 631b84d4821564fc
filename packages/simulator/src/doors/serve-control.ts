import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { CloisterError } from "@cloister/model";
import type { Exchange } from "../exchange.ts";
import type { FaultPlan } from "../faults/fault-plan.ts";
import type { FaultSwitch } from "../faults/fault-switch.ts";
import { parseFaultPlan } from "../faults/plan-text.ts";
import { isThisMachine } from "./control-host.ts";
import { streamJson } from "./json-stream.ts";
import { readBody } from "./read-body.ts";
import { scriptMarket } from "./script-market.ts";
import { checkPort, impatience, listen, LOOPBACK, SLOW_MS, stopListening } from "./listening.ts";

export type ControlTerms = {
  readonly switch: FaultSwitch;
  /** 0 (default) takes any free port. Always on this machine only. */
  readonly port?: number;
  /** Refuses plans that are read well but cannot be done here. @throws invalidOption */
  readonly check?: (plan: FaultPlan) => void;
  /** Who takes longer than this to ask, or to read on, is cut, ms. Default 20,000. */
  readonly slowMs?: number;
};

export type ServedControl = {
  /** "http://127.0.0.1:4001" */
  readonly http: string;
  close(): Promise<void>;
};

/** Whose books are told, and whose markets are moved: the script is what somebody sent. */
export type Books = Pick<Exchange, "truthParts"> & { market?(script: unknown): number };

type Answer = { readonly status: number; readonly body: object };
type Turn = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: string;
};

const BODY = { max: 2_000_000, cutAt: 32_000_000 };
/** Each of them holds all books until it is read. */
const TRUTHS_MAX = 4;
const PLAN_TYPE = /^(application\/(json|yaml|x-yaml)|text\/(x-)?yaml)\b/i;
const TOO_LONG: Answer = refusal(413, "the body is too long");

/**
 * Serves the hand on an exchange, on a port of its own: `GET /faults` tells the fault plan and how often each fault
 * fired, `POST /faults` replaces it, `GET /truth` (with `?account=0x…` for one) tells the exchange's books,
 * `POST /market` moves its markets; without books there is neither.
 * @throws invalidOption for a bad port; rejects when the port cannot be had.
 */
export async function serveControl(
  books: Books | undefined,
  terms: ControlTerms,
): Promise<ServedControl> {
  const { port = 0, slowMs = SLOW_MS } = terms;
  checkPort(port);
  const hand = new Hand(books, terms);
  const server = createServer(impatience(slowMs), (request, response) => {
    response.on("error", () => {});
    if (!isThisMachine(request.headers.host)) {
      finish(response, refusal(403, "this port answers to localhost only"));
      return;
    }
    request.on("error", () => {});
    readBody(request, BODY, (body) => {
      const url = new URL(`http://${LOOPBACK}${pathOf(request)}`);
      if (body === undefined) finish(response, TOO_LONG);
      else hand.take({ request, response, url, body: body.toString("utf8") });
    });
  });
  // Who does not read on is as slow as who does not ask on.
  server.timeout = slowMs;
  const taken = await listen(server, { host: LOOPBACK, port });
  return { http: `http://${LOOPBACK}:${taken}`, close: () => stopListening(server) };
}

class Hand {
  readonly #books: Books | undefined;
  readonly #terms: ControlTerms;
  #truths = 0;

  constructor(books: Books | undefined, terms: ControlTerms) {
    this.#books = books;
    this.#terms = terms;
  }

  take(turn: Turn): void {
    const { request, response, url } = turn;
    if (url.pathname === "/truth" && this.#books !== undefined) {
      if (request.method === "GET") this.#tell(this.#books, turn);
      else finish(response, refusal(405, "GET only"));
    } else if (url.pathname === "/market" && this.#books?.market !== undefined) {
      const contentType = request.headers["content-type"];
      const { method } = request;
      finish(response, scriptMarket(this.#books, { method, contentType, body: turn.body }));
    } else if (url.pathname === "/faults") finish(response, this.#faults(turn));
    else if (this.#books === undefined) finish(response, refusal(404, "GET or POST /faults"));
    else finish(response, refusal(404, "GET or POST /faults, GET /truth, or POST /market"));
  }

  #tell(books: Books, { response, url }: Turn): void {
    if (this.#truths >= TRUTHS_MAX) {
      finish(response, refusal(503, `${TRUTHS_MAX} others still read the truth`));
      return;
    }
    this.#truths += 1;
    const parts = books.truthParts(url.searchParams.get("account") ?? undefined);
    streamJson(response, parts, () => {
      this.#truths -= 1;
    });
  }

  #faults(turn: Turn): Answer {
    if (turn.request.method === "GET") return { status: 200, body: this.#terms.switch.report() };
    if (turn.request.method !== "POST") return refusal(405, "GET or POST only");
    return this.#replace(turn);
  }

  #replace({ request, body }: Turn): Answer {
    // A page in a browser can post other types to this machine without asking.
    if (!PLAN_TYPE.test(request.headers["content-type"] ?? "")) {
      return refusal(415, "content-type must be application/json or application/yaml");
    }
    try {
      const plan = parseFaultPlan(body);
      this.#terms.check?.(plan);
      this.#terms.switch.replace(plan);
      return { status: 200, body: plan };
    } catch (error) {
      if (error instanceof CloisterError) return refusalOf(error);
      throw error;
    }
  }
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

function refusalOf({ message, details }: CloisterError): Answer {
  const path = details.field === undefined ? {} : { path: details.field };
  return { status: 400, body: { error: message, ...path } };
}

/** A request line may hold anything; what is no path is the root, where nothing is. */
function pathOf(request: IncomingMessage): string {
  const { url = "/" } = request;
  return url.startsWith("/") && URL.canParse(`http://${LOOPBACK}${url}`) ? url : "/";
}

function finish(response: ServerResponse, { status, body }: Answer): void {
  const text = printed(body);
  response
    .writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
      ...(status === 413 || status === 403 ? { connection: "close" } : {}),
    })
    .end(text);
}

/** What was read can be too deep to be printed. */
function printed(body: object): string {
  try {
    return JSON.stringify(body);
  } catch {
    return '{"error":"the answer cannot be printed"}';
  }
}
