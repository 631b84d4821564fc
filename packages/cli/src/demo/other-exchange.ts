import type { Clock, Logger } from "@cloister/model";
import { askInfoOf } from "../audit/ask-info.ts";
import { createRestReader } from "@cloister/testkit";
import { readSigner } from "../key-file.ts";
import type { DemoVenue } from "./options.ts";
import type { TradingPlace } from "./trading-place.ts";

type Host = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly warn: (text: string) => void;
};

/** An exchange in another process; its books are read over REST. @throws UsageError for a bad key file. */
export async function otherExchange(
  venue: Extract<DemoVenue, { kind: "other" }>,
  host: Host,
): Promise<TradingPlace> {
  const { signer, warning } = await readSigner(venue.keyFile);
  if (warning !== undefined) host.warn(`warning: ${warning}\n`);
  const account = venue.account ?? signer.address;
  return {
    name: venue.http,
    network: { http: venue.http, ws: venue.ws, signatures: venue.signatures },
    account,
    signer,
    async audit(mark) {
      const reader = await createRestReader(askInfoOf(venue.http, host.clock), {
        user: account,
        mark,
      });
      return {
        // A look that failed is made up for by the next one, or the missing records show as differences.
        collect: () =>
          reader.collect().catch((error: unknown) => {
            host.logger.warn({ error }, "the exchange's records could not be read");
          }),
        books: (known) => reader.books(known),
      };
    },
    close: () => Promise.resolve(),
  };
}
