import { assert, assertEquals, assertRejects } from "@std/assert";
import { loadBars, type LoadRequest } from "../../../lib/bars/load.ts";
import { openStandardInput, rereadable } from "../../../lib/bars/source/standard_input.ts";
import type { UserError } from "../../../lib/errors.ts";
import type { Input } from "../../../lib/host.ts";
import { inputOf } from "../../fake_host.ts";
import { loadText, requestFor } from "../load_text.ts";
import { refusalOf } from "../refusal.ts";

function requestOf(stdin: Input, options: Partial<LoadRequest> = {}): LoadRequest {
  return requestFor("-", { stdin, ...options });
}

function refusal(content: string, options: Partial<LoadRequest> = {}): Promise<UserError> {
  return refusalOf(() => loadBars(requestOf(inputOf(content), options)));
}

async function gzipped(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const CSV = "time,close\n" +
  Array.from({ length: 5000 }, (_, row) => `${1_600_000_000 + row * 60},${row + 1}.5\n`).join("");

Deno.test("standard input gives what a file of the same bytes gives, whatever its form", async () => {
  const json = JSON.stringify([{ time: 1_600_000_000, close: 1 }, {
    time: 1_600_000_060,
    close: 2,
  }]);
  for (const content of [CSV, await gzipped(CSV), json, "time;close\r\n2020-01-01;1,5\r\n"]) {
    const { bars, files: [file], ...rest } = await loadBars(
      requestOf(inputOf(content), { blockBytes: 4096 }),
    );
    const { bars: expected, files: _, ...others } = await loadText(content);
    assertEquals(rest, others);
    assertEquals([file!.path, file!.bytes], ["-", others.bytes]);
    assertEquals([...bars.close.units], [...expected.close.units]);
  }
});

Deno.test("messages call it standard input", async () => {
  const cases: [content: string, message: string, options?: Partial<LoadRequest>][] = [
    ["", "Cannot read standard input: it is empty"],
    ["time,close\n", "Cannot read standard input: it has a header line but no rows"],
    ["time,close\n1,x\n", "Cannot read standard input:2 (row 1): close is not a number: got 'x'"],
    ["time,price\n1,2\n", "Cannot find column 'close' in standard input: "],
    [
      "time,close\n100000001,1\n100000002,\n",
      "Cannot use standard input: 1 of 2 rows have no close",
    ],
    ["time,close\n100000001,1\n100000001,2\n", "Cannot use standard input: two rows for "],
  ];
  for (const [content, message, options] of cases) {
    const refused = await refusal(content, options);
    assert(refused.message.startsWith(message), refused.message);
  }
});

Deno.test("nothing is read from a terminal", async () => {
  const { message, code, hint } = await refusalOf(() =>
    loadBars(requestOf(inputOf("close\n1\n", true)))
  );
  assertEquals(
    [message, code],
    ["Cannot read data from standard input: it is a terminal", "data_unreadable"],
  );
  assert(hint!.includes("Pipe the data into it"), hint);
});

Deno.test("standard input that cannot be read is an error of its own", async () => {
  const broken: Input = {
    isTerminal: false,
    read: () => Promise.reject(new Deno.errors.BadResource("Bad file descriptor")),
  };
  const { message } = await refusalOf(() => loadBars(requestOf(broken)));
  assertEquals(message, "Cannot read standard input: Bad file descriptor");
});

Deno.test("an abort ends the waiting for standard input", async () => {
  const silent: Input = { isTerminal: false, read: () => new Promise(() => {}) };
  const controller = new AbortController();
  const loading = openStandardInput(silent, { abort: controller.signal }).read(new Uint8Array(1));
  controller.abort(new Error("enough"));
  await assertRejects(() => loading, Error, "enough");
  await assertRejects(
    () => openStandardInput(silent, { abort: controller.signal }).read(new Uint8Array(1)),
    Error,
    "enough",
  );
});

Deno.test("no progress is told of what has no size", async () => {
  let told = 0;
  await loadBars(requestOf(inputOf(CSV), { onProgress: () => told++ }));
  assertEquals(told, 0);
});

Deno.test("what can be read again is the same each time, even if read by turns", async () => {
  const again = rereadable(inputOf(CSV));
  const first = again();
  const begun = new Uint8Array(10);
  assertEquals([await first.read(begun), begun[0]], [10, "t".charCodeAt(0)]);
  const { dataHash } = await loadBars(requestOf(again()));
  assertEquals((await loadBars(requestOf(again()))).dataHash, dataHash);
  assertEquals(dataHash, (await loadText(CSV)).dataHash);
  const rest = new Uint8Array(5);
  await first.read(rest);
  assertEquals(new TextDecoder().decode(rest), CSV.slice(10, 15));
});
