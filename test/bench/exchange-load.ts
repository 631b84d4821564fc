import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { WebSocket } from "ws";
import { stopwatch } from "./measure.ts";
import { type Pair, pairOf } from "./signed-orders.ts";

/** The clients of the bench, in a thread of their own: what they cost is not the exchange's. */

export type LoadTerms = {
  readonly privateKey: string;
  readonly user: string;
  readonly nonceMs: number;
};

export type Job =
  /** Signs so many orders, and when told trades them. */
  | { readonly kind: "sign"; readonly orders: number; readonly batch: number }
  | { readonly kind: "trade"; readonly url: string; readonly window: number }
  /** Opens so many sockets that listen to everything about the account and its coin. */
  | { readonly kind: "watch"; readonly url: string; readonly sockets: number }
  /** How many frames and bytes they heard since the last time. */
  | { readonly kind: "count" };

export type Done = { readonly ns: number; readonly frames: number; readonly bytes: number };

/** Answers the jobs of its parent thread, one after the other. */
export function serveLoad(): void {
  const load = new Load(workerData as LoadTerms);
  parentPort?.on("message", (job: Job) => void answer(load, job));
}

async function answer(load: Load, job: Job): Promise<void> {
  parentPort?.postMessage(await load.run(job));
}

class Load {
  readonly #terms: LoadTerms;
  #signed: readonly Pair[] = [];
  #next = 1;
  #frames = 0;
  #bytes = 0;

  constructor(terms: LoadTerms) {
    this.#terms = terms;
  }

  async run(job: Job): Promise<Done> {
    const elapsed = stopwatch();
    let ns: number | undefined;
    if (job.kind === "sign") this.#sign(job.orders, job.batch);
    else if (job.kind === "trade") ns = await this.#trade(job.url, job.window);
    else if (job.kind === "watch") await this.#watch(job.url, job.sockets);
    const heard = { frames: this.#frames, bytes: this.#bytes };
    this.#frames = 0;
    this.#bytes = 0;
    return { ns: ns ?? elapsed(), ...heard };
  }

  #sign(orders: number, batch: number): void {
    const { privateKey, nonceMs } = this.#terms;
    this.#signed = Array.from({ length: Math.floor(orders / batch) }, () => {
      const from = this.#next;
      this.#next += batch;
      return pairOf({ privateKey, nonceMs, batch, from });
    });
  }

  /** Places and cancels all that is signed, so many batches at a time; gives how long that took. */
  async #trade(url: string, window: number): Promise<number> {
    const socket = await open(url);
    const answered = new Map<number, (text: string) => void>();
    socket.on("message", (data: Buffer) => {
      const text = data.toString("utf8");
      const id = Number(/"id":(\d+)/.exec(text)?.[1]);
      answered.get(id)?.(text);
      answered.delete(id);
    });
    const ask = (id: number, frame: string, word: string): Promise<void> =>
      new Promise((done, fail) => {
        answered.set(id, (text) => {
          if (text.includes(word) && !text.includes('"error"')) done();
          else fail(new Error(`not ${word}: ${text.slice(0, 300)}`));
        });
        socket.send(frame);
      });
    const left = this.#signed.values();
    const elapsed = stopwatch();
    const lane = async (): Promise<void> => {
      for (const { id, place, cancel } of left) {
        await ask(id, place, "resting");
        await ask(id + 1, cancel, "success");
      }
    };
    await Promise.all(Array.from({ length: window }, lane));
    const ns = elapsed();
    socket.close();
    this.#signed = [];
    return ns;
  }

  async #watch(url: string, sockets: number): Promise<void> {
    const { user } = this.#terms;
    for (let at = 0; at < sockets; at += 1) {
      const socket = await open(url);
      socket.on("message", (data: Buffer) => {
        this.#frames += 1;
        this.#bytes += data.length;
      });
      for (const subscription of [
        { type: "orderUpdates", user },
        { type: "userEvents", user },
        { type: "openOrders", user },
        { type: "l2Book", coin: "BTC" },
        { type: "bbo", coin: "BTC" },
        { type: "trades", coin: "BTC" },
        { type: "allMids" },
      ]) {
        socket.send(JSON.stringify({ method: "subscribe", subscription }));
      }
    }
  }
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  return socket;
}
