/** Ports are plain callbacks, so that virtual time can drive them to the end without a promise in between. */

export type Cancel = () => void;

/** The hour and the timers. Durations are measured on the monotonic hand; the wall is only shown. */
export interface Clock {
  /** Wall time, Unix ms. May jump. */
  wallMs(): number;
  /** Monotonic ms from an arbitrary start. Never falls. */
  monotonicMs(): number;
  /** Calls back once after `delayMs` of monotonic time. Returns how to cancel it. */
  after(delayMs: number, callback: () => void): Cancel;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** The shape of a pino logger, so that a host can pass its own. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}

/** A secp256k1 signature as the wire carries it: r and s as 0x and 64 hex digits, v 27 or 28. */
export type Signature = { readonly r: string; readonly s: string; readonly v: 27 | 28 };

export type SignResult =
  | { readonly kind: "signed"; readonly signature: Signature }
  | { readonly kind: "failed"; readonly reason: string };

/** A key. It owns the nonces that are spent with it: one source per key in a process (protocol §10.3). */
export interface Signer {
  /** The key's own address, lower case. */
  readonly address: string;
  /** The next nonce: max(now, last + 1), in ms. */
  nextNonce(nowMs: number): number;
  /** Moves the source beyond a nonce that was seen spent. */
  raiseNonce(atLeast: number): void;
  /** Signs a 32 byte digest and calls back once, at once or later. */
  sign(digest: Uint8Array, done: (result: SignResult) => void): void;
}

/** Which socket: account streams and posts, or market data (one bad coin drops every stream of a socket). */
export type WireSocketKind = "private" | "market";

export interface WireHandlers {
  opened(): void;
  received(text: string): void;
  /** Exactly once per socket, also when it never opened. 1006 when no close frame came. */
  closed(code: number, reason: string): void;
}

export interface WireSocket {
  /** "never" when the socket was not open: then no byte left. */
  send(text: string): "written" | "never";
  /** Closes without waiting for the other side; `closed` still follows. */
  close(): void;
}

export type WireRequest = {
  readonly path: "/info" | "/exchange";
  readonly body: string;
  readonly timeoutMs: number;
};

export type WireAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly body: string }
  /** `written`: whether a byte of the request may have reached the venue. */
  | { readonly kind: "failed"; readonly written: "never" | "maybe"; readonly reason: string };

/** The way to a venue: sockets and requests. Real ones, or the simulator's in memory. */
export interface Wire {
  connect(kind: WireSocketKind, handlers: WireHandlers): WireSocket;
  /** Calls back exactly once. */
  request(request: WireRequest, done: (answer: WireAnswer) => void): void;
  /** Ends open requests as failed and closes every socket. */
  close(): void;
}
