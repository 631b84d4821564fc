import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { CloisterError, invalidOption } from "@cloister/model";
import type { Exchange } from "../exchange.ts";
import { readFaultPlan } from "../faults/fault-plan.ts";
import type { FaultSwitch } from "../faults/fault-switch.ts";
import { parseWhole } from "../json.ts";

export type ControlTerms = {
  readonly switch: FaultSwitch;
  /** 0 (default) takes any free port. Always on this machine only. */
  readonly port?: number;
};

export type ServedControl = {
  /** "http://127.0.0.1:4001" */
  readonly http: string;
  close(): Promise<void>;
};

type Answer = { readonly status: number; readonly body: object };
type Turn = { readonly request: IncomingMessage; readonly url: URL; readonly body: string };

const HOST = "127.0.0.1";
const BODY_MAX = 2_000_000;

/**
 * Serves the hand on an exchange, on a port of its own: `POST /faults` replaces the fault plan, `GET /truth` (with
 * `?account=0x…` for one) tells the exchange's books.
 * @throws invalidOption for a bad port; rejects when the port cannot be had.
 */
export async function serveControl(
  exchange: Exchange,
  terms: ControlTerms,
): Promise<ServedControl> {
  const { port = 0 } = terms;
  if (!Number.isSafeInteger(port) || port < 0 || port > 65_535) {
    throw invalidOption("port", port, "must be a port number");
  }
  const server = createServer((request, response) => {
    read(request, (body) => {
      const url = new URL(`http://${HOST}${pathOf(request)}`);
      finish(
        response,
        body === undefined ? TOO_LONG : answer(exchange, terms, { request, url, body }),
      );
    });
  });
  const taken = await listen(server, port);
  return {
    http: `http://${HOST}:${taken}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}

const TOO_LONG: Answer = refusal(413, "the body is too long");

function answer(exchange: Exchange, terms: ControlTerms, turn: Turn): Answer {
  const { request, url } = turn;
  if (url.pathname === "/truth") {
    if (request.method !== "GET") return refusal(405, "GET only");
    return { status: 200, body: exchange.truth(url.searchParams.get("account") ?? undefined) };
  }
  if (url.pathname === "/faults") {
    if (request.method !== "POST") return refusal(405, "POST only");
    return replaceFaults(terms.switch, turn);
  }
  return refusal(404, "POST /faults or GET /truth");
}

function replaceFaults(faults: FaultSwitch, { request, body }: Turn): Answer {
  // A page in a browser can post other types to this machine without asking.
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    return refusal(415, "content-type must be application/json");
  }
  const parsed = parseWhole(body);
  if (parsed === undefined) return refusal(400, "the body is no JSON");
  try {
    const plan = readFaultPlan(parsed.value);
    faults.replace(plan);
    return { status: 200, body: plan };
  } catch (error) {
    if (error instanceof CloisterError) return refusal(400, error.message);
    throw error;
  }
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** A request line may hold anything; what is no path is the root, where nothing is. */
function pathOf(request: IncomingMessage): string {
  const { url = "/" } = request;
  return url.startsWith("/") && URL.canParse(`http://${HOST}${url}`) ? url : "/";
}

function read(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("error", () => {});
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= BODY_MAX) chunks.push(chunk);
  });
  request.on("end", () =>
    done(length > BODY_MAX ? undefined : Buffer.concat(chunks).toString("utf8")),
  );
}

function finish(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    })
    .end(text);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, HOST, () => {
      server.off("error", fail);
      done();
    });
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
