import type { IncomingMessage } from "node:http";

/**
 * Calls back with the body once it is whole, or with undefined as soon as it is longer than `max` bytes. Who goes on
 * all the same has his answer, and is cut at `cutAt`.
 */
export function readBody(
  request: IncomingMessage,
  { max, cutAt }: { readonly max: number; readonly cutAt: number },
  done: (body: Buffer | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    const before = length;
    length += chunk.length;
    if (length <= max) {
      chunks.push(chunk);
      return;
    }
    chunks.length = 0;
    if (before <= max) done(undefined);
    if (length > cutAt) request.destroy();
  });
  request.on("end", () => {
    if (length <= max) done(Buffer.concat(chunks));
  });
}
