import type { ConnectionEvent } from "@cloister/machines";
import type { Clock, Logger, Random, Wire, WireSocketKind } from "@cloister/model";
import { decodeFrame } from "../codec/decode-frame.ts";
import type { ErrorFrame, Frame } from "../codec/frame.ts";
import { acknowledgedBy, type Subscription, subscribeFrame } from "./subscriptions.ts";

export type TalkParts = {
  readonly epoch: number;
  readonly kind: WireSocketKind;
  readonly subscriptions: readonly Subscription[];
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Takes every frame, before what it means for the connection is told. */
  readonly hear: (frame: Frame, text: string) => void;
  readonly tell: (event: ConnectionEvent, detail?: string) => void;
};

/** One socket and what was said on it. Its events carry its epoch, however late they come. */
export type SocketTalk = {
  readonly send: (text: string) => "written" | "never";
  readonly subscribe: () => void;
  readonly ping: () => void;
  readonly close: () => void;
};

/** Some complaints repeat what they refuse, at any length. */
const LOGGED_CHARACTERS = 200;
const PING = '{"method":"ping"}';

export function openSocketTalk(parts: TalkParts): SocketTalk {
  const { epoch, clock, logger, subscriptions, tell } = parts;
  const unanswered = new Set(subscriptions);

  const now = () => ({ epoch, atMs: clock.monotonicMs() });
  const failure = () => ({ ...now(), jitter: parts.random.next() });

  function received(text: string): void {
    const frame = decodeFrame(text);
    parts.hear(frame, text);
    tell({ type: "frame", ...now() });
    if (frame.kind === "pong") tell({ type: "pong", ...now() });
    else if (frame.kind === "subscribed") acknowledge(frame.subscription);
    else if (frame.kind === "unsubscribed") end("unsubscribed", frame.subscription);
    else if (frame.kind === "error") complain(frame);
  }

  function acknowledge(echo: unknown): void {
    const one = acknowledgedBy(echo, [...unanswered]);
    if (one === undefined) return;
    unanswered.delete(one);
    const wanted = subscriptions.length;
    tell({ type: "subscribed", acknowledged: wanted - unanswered.size, wanted, ...now() });
  }

  /** The socket stays open after an error, but a stream that was refused will never speak. */
  function complain(frame: ErrorFrame): void {
    if (frame.text.startsWith("Already subscribed")) {
      acknowledge(frame.subscription);
      return;
    }
    const text = frame.text.slice(0, LOGGED_CHARACTERS);
    logger.error({ socket: parts.kind, epoch, text }, "the venue complains");
    end(`refused: ${text}`, frame.subscription);
  }

  /** One of our streams will not speak (any more): only a new socket brings it back. */
  function end(reason: string, echo: unknown): void {
    if (acknowledgedBy(echo, subscriptions) === undefined) return;
    tell({ type: "error", reason, ...failure() }, reason);
  }

  const socket = parts.wire.connect(parts.kind, {
    opened: () => tell({ type: "open", ...now() }),
    received,
    closed: (code, reason) => {
      const detail = reason === "" ? `closed ${code}` : `closed ${code}: ${reason}`;
      tell({ type: "closed", code, ...failure() }, detail);
    },
  });
  return {
    send: (text) => socket.send(text),
    // A frame that cannot be written belongs to a socket that is about to be told closed.
    subscribe: () => {
      for (const subscription of subscriptions) socket.send(subscribeFrame(subscription));
    },
    ping: () => void socket.send(PING),
    close: () => socket.close(),
  };
}
