import {
  type Cloid,
  makeCloid,
  makeCloidMark,
  parseCloidMark,
  SILENT,
  type Start,
  type Venue,
} from "@cloister/model";
import type { Engine } from "./api.ts";
import { Core } from "./core.ts";
import { checkOptions, type EngineOptions, limitsOf, policiesOf } from "./options.ts";
import { recover } from "./replay/recover.ts";
import type { RunOptions } from "./replay/run-options.ts";
import { systemClock, systemRandom } from "./system.ts";
import { safely } from "./inbox/safely.ts";
import { checkRiskCoins, type Risk, riskOf } from "./restraints/risk-options.ts";
import { type EngineParts, TradingEngine } from "./trading-engine.ts";

/**
 * Starts an engine on a venue. Resolves when the streams are live and everything was read once, or after
 * `startTimeoutMs`, still recovering (`status` says so).
 * @throws invalidOption, wrongAccount, wrongKey, venueFailed
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { engine } = await startEngine(options);
  return engine;
}

/** The engine, and the core under it: for tests that look for leaks. */
export async function startEngine(options: EngineOptions): Promise<{ engine: Engine; core: Core }> {
  checkOptions(options);
  const limits = limitsOf(options.limits);
  const policies = policiesOf(options);
  const risk = riskOf(options);
  const {
    venue,
    journal,
    inspect,
    logger = SILENT,
    clock = systemClock(),
    random = systemRandom(),
  } = options;
  const mark = journal === undefined ? makeCloidMark(random) : parseCloidMark(journal.mark);
  const core = new Core({
    ...{ venue, clock, logger, journal, mark, inspect },
    // Of its own: while it lives through earlier lives it goes by what those were given.
    ...{ limits: { ...limits }, policies: { ...policies }, risk: { ...risk } },
  });
  let lost: readonly string[] = [];
  try {
    if (journal !== undefined) ({ lost } = recover(core, journal, venue));
    await venue.open({
      clock,
      random,
      logger: core.logger,
      ...(core.inspect === undefined ? {} : { inspect: core.inspect }),
      sink: ({ facts, raw }) =>
        core.push({ kind: "venue", facts, ...(raw === undefined ? {} : { raw }) }),
    });
    checkRiskCoins(risk, (coin) => venue.market(coin) !== undefined);
  } catch (error) {
    core.stop();
    throw error;
  }
  const start = startOf(venue, { limits, policies, risk: options.risk });
  core.begin({ ...start, ...(lost.length === 0 ? {} : { lost }) });
  await firstOpen(core, (callback) => clock.after(limits.startTimeoutMs, callback));
  const freshCloid = (): Cloid => makeCloid(mark, random);
  const referencePrice = quietReference(core, options, risk);
  const parts = { core, venue, limits, mark, freshCloid, ...referencePrice };
  return { engine: new TradingEngine(parts), core };
}

/** What no other input tells. */
function startOf(venue: Venue, options: RunOptions): Start {
  const { name, network, account } = venue;
  return {
    ...{ venue: name, account, options, markets: venue.markets() },
    ...(network === undefined ? {} : { network }),
  };
}

/** The caller's function, asked only for what needs it; what it throws is told and stays its own. */
function quietReference(
  core: Core,
  { referencePrice }: EngineOptions,
  { priceBand }: Risk,
): Pick<EngineParts, "referencePrice"> {
  if (referencePrice === undefined || priceBand === undefined) return {};
  return {
    referencePrice: (coin) => {
      let price: string | undefined;
      safely(
        () => {
          price = referencePrice(coin);
        },
        (error) => core.publisher.failed(error),
      );
      return price;
    },
  };
}

/** Until the gate opens the first time, or time is over. */
function firstOpen(core: Core, timeout: (callback: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timeout(() => finish());
    const stop = core.publisher.hub.listen(() => {
      if (core.status().barrier === "open") finish();
    });
    function finish(): void {
      cancel();
      stop();
      resolve();
    }
    if (core.status().barrier === "open") finish();
  });
}
