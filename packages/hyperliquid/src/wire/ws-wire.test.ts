import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { WireAnswer, WireSocket } from "@cloister/model";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { systemClock } from "./system-clock.ts";
import { textOf } from "./ws-socket.ts";
import { wsWire } from "./ws-wire.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  cleanups.push(() => void server.close());
  return portOf(server.address());
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const port = portOf(server.address());
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

function wireTo(port: number): ReturnType<typeof wsWire> {
  const wire = wsWire({ http: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws` });
  cleanups.push(() => wire.close());
  return wire;
}

function ask(
  wire: ReturnType<typeof wsWire>,
  body: string,
  timeoutMs = 4_000,
): Promise<WireAnswer> {
  return new Promise((resolve) => {
    wire.request({ path: "/info", body, timeoutMs }, resolve);
  });
}

type Heard = { opened: number; texts: string[]; closed: [number, string][] };

function listen(wire: ReturnType<typeof wsWire>): {
  heard: Heard;
  socket: WireSocket;
  until: (done: (heard: Heard) => boolean) => Promise<void>;
} {
  const heard: Heard = { opened: 0, texts: [], closed: [] };
  let wake = (): void => {};
  const socket = wire.connect("private", {
    opened: () => {
      heard.opened += 1;
      wake();
    },
    received: (text) => {
      heard.texts.push(text);
      wake();
    },
    closed: (code, reason) => {
      heard.closed.push([code, reason]);
      wake();
    },
  });
  const until = (done: (heard: Heard) => boolean): Promise<void> =>
    new Promise((resolve) => {
      wake = () => {
        if (done(heard)) resolve();
      };
      wake();
    });
  return { heard, socket, until };
}

async function socketServer(
  onText: (text: string, send: (data: string | Buffer) => void, drop: () => void) => void,
): Promise<number> {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server, path: "/ws", perMessageDeflate: true });
  sockets.on("connection", (socket) => {
    socket.on("message", (data) =>
      onText(
        textOf(data),
        (answer) => socket.send(answer),
        () => socket.terminate(),
      ),
    );
  });
  cleanups.push(() => {
    for (const client of sockets.clients) client.terminate();
  });
  return listening(server);
}

describe("sockets", () => {
  it("opens, writes, reads text and binary frames as text, and closes once", async () => {
    const port = await socketServer((text, send) => {
      send(`echo ${text}`);
      send(Buffer.from("bytes"));
    });
    const { heard, socket, until } = listen(wireTo(port));
    expect(socket.send("too early")).toBe("never");
    await until((so) => so.opened === 1);
    expect(socket.send("hello")).toBe("written");
    await until((so) => so.texts.length === 2);
    expect(heard.texts).toEqual(["echo hello", "bytes"]);
    socket.close();
    socket.close();
    await until((so) => so.closed.length === 1);
    expect(socket.send("late")).toBe("never");
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(heard.closed).toHaveLength(1);
  });

  it("tells a drop without a close frame as 1006", async () => {
    const port = await socketServer((_text, _send, drop) => drop());
    const { heard, socket, until } = listen(wireTo(port));
    await until((so) => so.opened === 1);
    socket.send("drop me");
    await until((so) => so.closed.length === 1);
    expect(heard.closed[0]?.[0]).toBe(1006);
  });

  it("tells a refused connection, a refused upgrade and a bad address as closed, with the reason", async () => {
    const refused = listen(wireTo(await freePort()));
    await refused.until((so) => so.closed.length === 1);
    expect(refused.heard.closed[0]?.[1]).toMatch(/ECONNREFUSED/);

    const noUpgrade = listen(
      wireTo(await listening(http.createServer((_, answer) => answer.writeHead(502).end()))),
    );
    await noUpgrade.until((so) => so.closed.length === 1);
    expect(noUpgrade.heard).toMatchObject({ opened: 0 });

    const wire = wsWire({ http: "http://127.0.0.1:1", ws: "not a url" });
    const bad = listen(wire);
    await bad.until((so) => so.closed.length === 1);
    expect(bad.heard.closed[0]?.[0]).toBe(1006);
  });

  it("may be closed while it is still connecting", async () => {
    const port = await socketServer(() => {});
    const { heard, socket, until } = listen(wireTo(port));
    socket.close();
    await until((so) => so.closed.length === 1);
    expect(heard.opened).toBe(0);
  });
});

describe("requests", () => {
  it("hands back whatever status and body came, JSON or not", async () => {
    const server = http.createServer((request, answer) => {
      let body = "";
      request.on("data", (part) => (body += String(part)));
      request.on("end", () => {
        const status = Number(body);
        answer.writeHead(status).end(status === 502 ? "<html>bad gateway</html>" : "null");
      });
    });
    const wire = wireTo(await listening(server));
    expect(await ask(wire, "429")).toEqual({ kind: "answered", status: 429, body: "null" });
    expect(await ask(wire, "502")).toEqual({
      kind: "answered",
      status: 502,
      body: "<html>bad gateway</html>",
    });
  });

  it("keeps one connection for requests that follow each other", async () => {
    const ports = new Set<number | undefined>();
    const server = http.createServer((request, answer) => {
      ports.add(request.socket.remotePort);
      request.resume().on("end", () => answer.end("[]"));
    });
    const wire = wireTo(await listening(server));
    await ask(wire, "1");
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await ask(wire, "2");
    expect(ports.size).toBe(1);
  });

  it("says `never` only when no connection stood", async () => {
    const answer = await ask(wireTo(await freePort()), "{}");
    expect(answer).toMatchObject({ kind: "failed", written: "never" });
  });

  it("says `maybe` when the connection was cut after the request, or in the middle of the answer", async () => {
    const silent = net.createServer((socket) => socket.on("data", () => socket.destroy()));
    expect(await ask(wireTo(await listening(silent)), "{}")).toMatchObject({
      kind: "failed",
      written: "maybe",
    });

    const cut = net.createServer((socket) =>
      socket.on("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort", () => socket.destroy());
      }),
    );
    expect(await ask(wireTo(await listening(cut)), "{}")).toMatchObject({
      kind: "failed",
      written: "maybe",
    });
  });

  it("gives up after the timeout: `maybe`, because the bytes may be there", async () => {
    const deaf = net.createServer((socket) => {
      socket.on("data", () => {});
      socket.on("error", () => {});
    });
    const answer = await ask(wireTo(await listening(deaf)), "{}", 50);
    expect(answer).toEqual({ kind: "failed", written: "maybe", reason: "no answer within 50 ms" });
  });

  it("fails open requests when it is closed, and later ones too", async () => {
    const deaf = net.createServer((socket) => socket.on("error", () => {}));
    const wire = wireTo(await listening(deaf));
    const open = ask(wire, "{}");
    await new Promise((resolve) => {
      deaf.once("connection", resolve);
    });
    wire.close();
    expect(await open).toMatchObject({ kind: "failed", reason: "closed" });
    expect(await ask(wire, "{}")).toEqual({ kind: "failed", written: "never", reason: "closed" });
  });
});

describe("a hostile other end", () => {
  it("a body that drips for ever ends with the timeout", async () => {
    const server = http.createServer((request, answer) => {
      request.resume();
      answer.writeHead(200);
      const drip = (): void => {
        if (answer.destroyed) return;
        answer.write(" ");
        systemClock().after(5, drip);
      };
      drip();
    });
    const answer = await ask(wireTo(await listening(server)), "{}", 60);
    expect(answer).toEqual({ kind: "failed", written: "maybe", reason: "no answer within 60 ms" });
  });

  it("a body without end is cut at the limit", async () => {
    const part = Buffer.alloc(4 * 1024 * 1024, "x");
    const server = http.createServer((request, answer) => {
      request.resume();
      const more = (): void => {
        while (!answer.destroyed && answer.write(part)) continue;
      };
      answer.on("drain", more);
      more();
    });
    const answer = await ask(wireTo(await listening(server)), "{}");
    expect(answer).toMatchObject({ kind: "failed", reason: "the answer is too long" });
  });

  it("a frame without end closes the socket with 1009 or 1006, and nothing throws", async () => {
    const port = await socketServer((_text, send) => send("x".repeat(65 * 1024 * 1024)));
    const { heard, socket, until } = listen(wireTo(port));
    await until((so) => so.opened === 1);
    socket.send("go");
    await until((so) => so.closed.length === 1);
    expect(heard.texts).toEqual([]);
    expect([1006, 1009]).toContain(heard.closed[0]?.[0]);
  });

  it("follows no redirect, and unpacks nothing that it did not ask for", async () => {
    const server = http.createServer((request, answer) => {
      request.resume();
      if (request.url === "/info") {
        answer.writeHead(307, { location: "/elsewhere" }).end();
        return;
      }
      answer.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("[]"));
    });
    const wire = wireTo(await listening(server));
    expect(await ask(wire, "{}")).toMatchObject({ kind: "answered", status: 307 });
    const packed = await new Promise<WireAnswer>((resolve) => {
      wire.request({ path: "/exchange", body: "{}", timeoutMs: 4_000 }, resolve);
    });
    expect(packed).toMatchObject({ kind: "answered", status: 200 });
    expect(packed).not.toMatchObject({ body: "[]" });
  });

  it("a certificate that is none is told, by either mouth", async () => {
    const port = await listening(http.createServer());
    const wire = wsWire({ http: `https://127.0.0.1:${port}`, ws: `wss://127.0.0.1:${port}/ws` });
    cleanups.push(() => wire.close());
    expect(await ask(wire, "{}")).toMatchObject({ kind: "failed" });
    const { heard, until } = listen(wire);
    await until((so) => so.closed.length === 1);
    expect(heard).toMatchObject({ opened: 0 });
  });
});

describe("a closed wire", () => {
  it("opens nothing any more, and leaves no connection behind", async () => {
    const port = await socketServer(() => {});
    const wire = wireTo(port);
    const first = listen(wire);
    await first.until((so) => so.opened === 1);
    wire.close();
    await first.until((so) => so.closed.length === 1);
    const late = listen(wire);
    await late.until((so) => so.closed.length === 1);
    expect(late.heard).toEqual({ opened: 0, texts: [], closed: [[1006, "closed"]] });
    expect(late.socket.send("x")).toBe("never");
  });
});
