import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { type About, aboutOf } from "../faults/about.ts";
import type { Faults } from "../faults/faults.ts";
import { contentTypeOf } from "../doors/listening.ts";
import { readBody } from "../doors/read-body.ts";
import { isObject, parseFirst } from "../json.ts";
import { actionOf } from "./conversation.ts";
import { forwardedHeaders } from "./headers.ts";
import type { RelayTerms } from "./socket-relay.ts";
import type { Upstream } from "./upstream.ts";

/** One request of a client and the way to answer it. */
export type Turn = { readonly request: IncomingMessage; readonly response: ServerResponse };

export type RequestTerms = RelayTerms & {
  readonly upstream: Upstream;
  /** How long the upstream may say nothing, ms. */
  readonly patienceMs: number;
};

type Judged = {
  readonly path: "/info" | "/exchange";
  readonly body: Buffer;
  readonly text: string;
  readonly about: About;
};

/** Bytes of a request that are read before it goes on, and of an answer that a fault may judge. */
const BODY = { max: 32_000_000, cutAt: 64_000_000 };
const ANSWER_MAX = 64_000_000;

/** Carries the HTTP requests of one proxy, with the faults of a network on `/info` and `/exchange`. */
export class RequestRelay {
  readonly #terms: RequestTerms;
  readonly #faults: Faults;
  #requests = 0;
  #actions = 0;

  constructor(terms: RequestTerms) {
    this.#terms = terms;
    this.#faults = terms.faults;
  }

  take(turn: Turn): void {
    const { request, response } = turn;
    request.on("error", () => response.destroy());
    response.on("error", () => {});
    const path = (request.url ?? "").split("?")[0];
    if (request.method === "POST" && (path === "/info" || path === "/exchange")) {
      readBody(request, BODY, (body) => {
        if (body === undefined) answerWith(response, 413, "");
        else this.#judge(turn, { path, body, text: body.toString("utf8"), about: aboutBody(body) });
      });
      return;
    }
    const asked = this.#ask(turn, {}, (answer) => pass(answer, response));
    if (asked !== undefined) request.pipe(asked);
  }

  #judge(turn: Turn, judged: Judged): void {
    const { path, text, about } = judged;
    this.#requests += 1;
    const seen = { ...about, path, body: text, count: this.#requests, block: 0 };
    const fate = this.#faults.request?.(seen) ?? "pass";
    if (fate !== "pass") {
      answerWith(turn.response, fate.instead.status, fate.instead.body);
      return;
    }
    const holdMs = path === "/exchange" ? this.#holdMs(text) : 0;
    // Nobody answers what was lost: the client waits until it gives up.
    if (holdMs !== undefined) this.#later(holdMs, () => this.#forward(turn, judged));
  }

  #holdMs(text: string): number | undefined {
    const action = actionOf(parseFirst(text)?.value);
    if (action === undefined) return 0;
    this.#actions += 1;
    const fate = this.#faults.action?.({ ...action, count: this.#actions, block: 0 }) ?? "execute";
    if (fate === "lose") return undefined;
    return typeof fate === "object" && "holdMs" in fate ? fate.holdMs : 0;
  }

  #forward(turn: Turn, judged: Judged): void {
    if (turn.response.destroyed) return;
    const own = {
      "content-length": String(judged.body.length),
      // A body that a fault may shorten must be readable.
      "accept-encoding": "identity",
    };
    const asked = this.#ask(turn, own, (answer) => {
      collect(answer, turn.response, (body) => this.#deliver(turn, judged, { answer, body }));
    });
    asked?.end(judged.body);
  }

  #deliver(
    { response }: Turn,
    { path, text, about }: Judged,
    { answer, body }: { answer: IncomingMessage; body: Buffer },
  ): void {
    const status = answer.statusCode ?? 502;
    const seen = { ...about, path, request: text, status, body: body.toString("utf8"), block: 0 };
    const fate = this.#faults.answer?.(seen) ?? "deliver";
    const send = (): void => {
      if (response.destroyed) return;
      const headers = forwardedHeaders(answer.rawHeaders, ["content-length"]);
      response
        .writeHead(status, answer.statusMessage, [
          ...headers.flat(),
          "content-length",
          String(body.length),
        ])
        .end(body);
    };
    if (fate === "lose") return;
    if (fate === "disconnect") response.destroy();
    else if (typeof fate === "string") send();
    else if ("closeCode" in fate) response.destroy();
    else if ("instead" in fate) answerWith(response, fate.instead.status, fate.instead.body);
    else this.#later("holdMs" in fate ? fate.holdMs : 0, send);
  }

  /** Opens the request at the upstream; whatever happens to it, the client hears of it. */
  #ask(
    { request, response }: Turn,
    own: Readonly<Record<string, string>>,
    heard: (answer: IncomingMessage) => void,
  ): ClientRequest | undefined {
    const fail = (status: number, why: string): void => {
      if (response.headersSent) response.destroy();
      else answerWith(response, status, why);
    };
    const { upstream, patienceMs } = this.#terms;
    let asked: ClientRequest;
    try {
      const headers = { ...headersOf(request), ...own };
      asked = upstream.ask(request.url ?? "/", {
        method: request.method ?? "GET",
        headers,
        timeout: patienceMs,
      });
    } catch {
      fail(400, "this cannot be asked of the upstream");
      return undefined;
    }
    let isHeard = false;
    asked.on("response", (answer) => {
      isHeard = true;
      heard(answer);
    });
    asked.on("timeout", () => {
      fail(504, "the upstream does not answer");
      asked.destroy();
    });
    asked.on("error", ({ message }) => fail(502, `the upstream cannot be asked: ${message}`));
    asked.on("close", () => {
      if (!isHeard) fail(502, "the upstream went without an answer");
    });
    response.on("close", () => asked.destroy());
    return asked;
  }

  #later(delayMs: number, callback: () => void): void {
    if (delayMs === 0) callback();
    else this.#terms.clock.after(delayMs, callback);
  }
}

/** A client's own headers for the upstream, by name; one that is repeated keeps all its values. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (const [spelled, value] of forwardedHeaders(rawHeaders, ["host"])) {
    const name = spelled.toLowerCase();
    headers[name] = [...(headers[name] ?? []), value];
  }
  return headers;
}

function aboutBody(body: Buffer): About {
  const value = parseFirst(body.toString("utf8"))?.value;
  return isObject(value) ? aboutOf(value) : {};
}

/** Passes an answer on as it comes. */
function pass(
  answer: IncomingMessage,
  response: ServerResponse,
  begun: readonly Buffer[] = [],
): void {
  answer.on("error", () => response.destroy());
  answer.on("aborted", () => response.destroy());
  response.writeHead(
    answer.statusCode ?? 502,
    answer.statusMessage,
    forwardedHeaders(answer.rawHeaders, []).flat(),
  );
  for (const chunk of begun) response.write(chunk);
  answer.pipe(response);
}

/** Reads an answer to its end; one that is too long for a fault to judge passes on as it comes. */
function collect(
  answer: IncomingMessage,
  response: ServerResponse,
  done: (body: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const cut = (): void => void response.destroy();
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= ANSWER_MAX) return;
    answer.off("data", keep).off("end", end);
    pass(answer, response, chunks);
  };
  const end = (): void => done(Buffer.concat(chunks));
  answer.on("error", cut).on("aborted", cut).on("data", keep).on("end", end);
}

function answerWith(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) return;
  response
    .writeHead(status, {
      "content-type": contentTypeOf(body),
      "content-length": Buffer.byteLength(body),
      ...(status === 413 ? { connection: "close" } : {}),
    })
    .end(body);
}
