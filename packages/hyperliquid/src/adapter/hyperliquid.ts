import { CloisterError, type Venue, type VenueContext } from "@cloister/model";
import { wsWire } from "../wire/ws-wire.ts";
import { infoAsker } from "./ask-info.ts";
import { listedOnly, loadListings } from "./load-listings.ts";
import { LiveListings } from "./live-listings.ts";
import { type HyperliquidOptions, type Settings, settingsOf } from "./options.ts";
import { askPatiently, type Patience } from "./patient-ask.ts";
import { type Proven, proveAccount } from "./prove-account.ts";
import { openSession, type Session } from "./session.ts";

/**
 * Hyperliquid as the engine sees it: orders go out as posts over the account's socket or by REST, and
 * everything the venue says comes back as facts (protocol §2 to §10).
 * @throws invalidOption
 */
export function hyperliquid(options: HyperliquidOptions): Venue {
  const settings = settingsOf(options);
  let session: Session | undefined;
  let state: "new" | "opening" | "open" | "closed" = "new";
  const ending = new AbortController();
  const ownWire = settings.wire === undefined;
  const wire = settings.wire ?? wsWire(settings.endpoints);

  async function open(context: VenueContext): Promise<void> {
    if (state !== "new") throw closed("a venue is opened once");
    state = "opening";
    const patience: Patience = {
      ask: infoAsker(wire, settings.timings.readTimeoutMs),
      clock: context.clock,
      random: context.random,
      logger: context.logger,
      untilMs: context.clock.monotonicMs() + settings.timings.openTimeoutMs,
      signal: ending.signal,
    };
    try {
      const proven = await prove(settings, patience);
      const listed = await loadListings(listedOnly(settings.dexes), patience);
      if (ending.signal.aborted) throw closed("the venue was closed while it opened");
      state = "open";
      const listings = new LiveListings(listed);
      session = openSession({ wire, settings, context, proven, listings });
    } catch (error) {
      close();
      throw error;
    }
  }

  function close(): void {
    state = "closed";
    ending.abort();
    session?.close();
    if (ownWire) wire.close();
  }

  function opened(): Session {
    if (session === undefined) throw closed("the venue is not open");
    return session;
  }

  return {
    name: "hyperliquid",
    network: settings.endpoints.http,
    account: settings.vault ?? settings.account,
    open,
    market: (coin) => session?.market(coin),
    markets: () => session?.markets() ?? [],
    nextNonce: () => opened().nextNonce(),
    raiseNonce: (atLeast) => settings.signer.raiseNonce(atLeast),
    sign: (action, terms, done) => opened().sign(action, terms, done),
    write: (copy, signed, mouth) => opened().write(copy, signed, mouth),
    read: (read, query) => opened().read(read, query),
    distrust: (reason) => opened().distrust(reason),
    close,
  };
}

function prove(settings: Settings, patience: Patience): Promise<Proven> {
  const { account, vault } = settings;
  const claim = { account, signer: settings.signer.address };
  return proveAccount(vault === undefined ? claim : { ...claim, vault }, (user) =>
    askPatiently({ type: "userRole", user }, patience),
  );
}

function closed(message: string): CloisterError {
  return new CloisterError("closed", message);
}
