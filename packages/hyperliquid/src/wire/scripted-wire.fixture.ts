import type { Wire, WireAnswer, WireHandlers, WireRequest, WireSocketKind } from "@cloister/model";

/** A socket whose other end is written by a test. */
export type ScriptedSocket = {
  readonly kind: WireSocketKind;
  /** What we wrote, oldest first. */
  readonly sent: string[];
  readonly state: () => "connecting" | "open" | "closed";
  open(): void;
  /** A frame: text as it is, anything else as JSON. Works on a closed socket too: a late frame. */
  say(frame: unknown): void;
  drop(code?: number, reason?: string): void;
};

export type ScriptedRequest = {
  readonly request: WireRequest;
  answer(body: unknown, status?: number): void;
  fail(written?: "never" | "maybe", reason?: string): void;
};

export type ScriptedWire = {
  readonly wire: Wire;
  readonly sockets: ScriptedSocket[];
  /** Requests that no rule answered. */
  readonly requests: ScriptedRequest[];
  /** Answers requests by rule as they come; undefined leaves them in `requests`. */
  answerWith(rule: (request: WireRequest) => { status?: number; body: unknown } | undefined): void;
  last(): ScriptedSocket;
};

/** A wire for tests: nothing happens on it but what the test says, at once and in order. */
export function scriptedWire(): ScriptedWire {
  const sockets: ScriptedSocket[] = [];
  const requests: ScriptedRequest[] = [];
  const ends: (() => void)[] = [];
  let rule: Parameters<ScriptedWire["answerWith"]>[0] = () => undefined;

  const wire: Wire = {
    connect: (kind, handlers) => {
      const socket = scriptedSocket(kind, handlers);
      sockets.push(socket);
      return {
        send: (text) => {
          if (socket.state() !== "open") return "never";
          socket.sent.push(text);
          return "written";
        },
        close: () => socket.drop(1006, "closed by us"),
      };
    },
    request: (request, done) => {
      const scripted = scriptedRequest(request, done);
      const ruled = rule(request);
      if (ruled !== undefined) {
        scripted.answer(ruled.body, ruled.status);
        return;
      }
      requests.push(scripted);
      ends.push(() => scripted.fail("maybe", "closed"));
    },
    close: () => {
      for (const end of ends) end();
      for (const socket of sockets) socket.drop(1006, "closed by us");
    },
  };
  return {
    wire,
    sockets,
    requests,
    answerWith: (next) => {
      rule = next;
    },
    last: () => {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error("nobody connected");
      return socket;
    },
  };
}

function scriptedSocket(kind: WireSocketKind, handlers: WireHandlers): ScriptedSocket {
  let state: "connecting" | "open" | "closed" = "connecting";
  return {
    kind,
    sent: [],
    state: () => state,
    open: () => {
      state = "open";
      handlers.opened();
    },
    say: (frame) => handlers.received(textOf(frame)),
    drop: (code = 1006, reason = "") => {
      if (state === "closed") return;
      state = "closed";
      handlers.closed(code, reason);
    },
  };
}

function scriptedRequest(
  request: WireRequest,
  done: (answer: WireAnswer) => void,
): ScriptedRequest {
  let over = false;
  function finish(answer: WireAnswer): void {
    if (over) return;
    over = true;
    done(answer);
  }
  return {
    request,
    answer: (body, status = 200) => finish({ kind: "answered", status, body: textOf(body) }),
    fail: (written = "maybe", reason = "cut") => finish({ kind: "failed", written, reason }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
