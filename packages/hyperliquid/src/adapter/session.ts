import {
  type Market,
  parseAddress,
  type Query,
  type ReadId,
  type Venue,
  type VenueContext,
  type VenueFact,
  type Wire,
} from "@cloister/model";
import { openConnection } from "../transport/connection.ts";
import { harmless } from "../transport/harmless.ts";
import { postTable } from "../transport/posts.ts";
import { accountStreams } from "../transport/subscriptions.ts";
import { type AskInfo, infoAsker } from "./ask-info.ts";
import { factsOfFrame } from "./frame-facts.ts";
import type { LiveListings } from "./live-listings.ts";
import type { Settings } from "./options.ts";
import type { Proven } from "./prove-account.ts";
import { readQuery } from "./read-query.ts";
import { type Signing, signAction } from "./sign-action.ts";
import { writeByRest, writeBySocket } from "./write-copy.ts";

/** A venue that is open: what the engine asks of it, without the question who may. */
export type Session = Pick<
  Venue,
  "nextNonce" | "sign" | "write" | "read" | "close" | "markets" | "distrust"
> & {
  readonly market: (coin: string) => Market | undefined;
};

export type SessionParts = {
  readonly wire: Wire;
  readonly settings: Settings;
  readonly context: VenueContext;
  readonly proven: Proven;
  readonly listings: LiveListings;
};

/** Connects, and turns everything that comes back into news: one for each frame, answer and read. */
export function openSession(parts: SessionParts): Session {
  const { wire, settings, context, proven, listings } = parts;
  const { clock, random, logger } = context;
  const { signer, timings } = settings;
  const key = parseAddress(signer.address);
  const posts = postTable();
  const askWire = infoAsker(wire, timings.readTimeoutMs);
  let closed = false;

  /** A read of several pages ends with the session: nobody hears the rest. */
  const ask: AskInfo = (request, done) => {
    if (!closed) askWire(request, done);
  };

  function tell(facts: readonly VenueFact[], raw?: string): void {
    if (closed) return;
    harmless(() => context.sink(raw === undefined ? { facts } : { facts, raw }), logger);
  }

  const connection = openConnection({
    kind: "private",
    subscriptions: accountStreams(proven.account, settings.dexes),
    wire,
    clock,
    random,
    logger,
    timings: settings.connection,
    ...(context.inspect && { inspect: (event) => context.inspect?.(event) }),
    onFrame: (frame, text) =>
      tell(factsOfFrame(frame, text, { account: proven.account, posts }), text),
    onLive: (epoch) => tell([{ type: "connection.live", epoch }]),
    onLost: (epoch, reason) => tell([{ type: "connection.lost", epoch, reason }]),
  });

  function read(id: ReadId, query: Query): void {
    const { account, owner } = proven;
    const spotPairs = settings.spot ? listings.spotPairs : [];
    const scope = { account, owner, signer: key, dexes: settings.dexes, spotPairs, listings };
    readQuery(ask, { query, scope }, ({ result, remarks, raw }) => {
      const fact: VenueFact =
        "report" in result
          ? { type: "read.answered", read: id, report: result.report }
          : { type: "read.failed", read: id, ...result };
      tell([...remarks, fact], raw);
    });
  }

  const signing: Omit<Signing, "assets"> = {
    signer,
    network: settings.endpoints.signatures,
    ...(proven.vault === undefined ? {} : { vault: proven.vault }),
  };
  return {
    market: (coin) => listings.assets.market(coin),
    markets: () => listings.assets.markets(),
    nextNonce: () => signer.nextNonce(clock.wallMs()),
    sign: (action, terms, done) =>
      signAction({ action, terms }, { ...signing, assets: listings.assets }, done),
    write: (copy, signed, mouth) => {
      if (closed) return;
      const timeoutMs = timings.exchangeTimeoutMs;
      if (mouth === "socket") writeBySocket({ copy, signed }, { connection, posts }, tell);
      else writeByRest({ copy, signed }, { wire, timeoutMs }, tell);
    },
    read: (id, query) => {
      if (!closed) read(id, query);
    },
    distrust: (reason) => {
      if (!closed) connection.distrust(reason);
    },
    close: () => {
      closed = true;
      connection.close();
    },
  };
}
