/**
 * A way to a server that can be made slow, cut, and counted.
 *
 * @module
 */

/** The way. */
export interface TcpProxy {
  /** Its URL. */
  readonly url: string;
  /** Requests that went through so far. */
  readonly requests: number;
  /** What becomes of requests from here on: they go through, wait for ever, or are cut. */
  mode: "through" | "stalled" | "cut" | "answer lost";
}

/** Calls `use` with a way to a port of this machine. */
export async function withTcpProxy<T>(
  port: number,
  use: (proxy: TcpProxy) => Promise<T>,
): Promise<T> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const proxy = {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`,
    requests: 0,
    mode: "through" as TcpProxy["mode"],
  };
  const pass = async (from: Deno.TcpConn, to: Deno.TcpConn, isRequest: boolean): Promise<void> => {
    const buffer = new Uint8Array(1 << 16);
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const length = await from.read(buffer);
        if (length === null) break;
        if (isRequest && decoder.decode(buffer.subarray(0, 5)).startsWith("POST ")) {
          proxy.requests++;
        }
        if (proxy.mode === "stalled") continue;
        if (proxy.mode === "cut" || (proxy.mode === "answer lost" && !isRequest)) break;
        for (let done = 0; done < length;) done += await to.write(buffer.subarray(done, length));
      }
    } catch {
      // One of the two left.
    }
    for (const connection of [from, to]) {
      if (open.delete(connection)) connection.close();
    }
  };
  const passing: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const client of listener) {
      open.add(client);
      try {
        const server = await Deno.connect({ hostname: "127.0.0.1", port });
        open.add(server);
        passing.push(pass(client, server, true), pass(server, client, false));
      } catch {
        if (open.delete(client)) client.close();
      }
    }
  })();
  try {
    return await use(proxy);
  } finally {
    listener.close();
    await accepting;
    for (const connection of open) connection.close();
    open.clear();
    await Promise.all(passing);
  }
}
