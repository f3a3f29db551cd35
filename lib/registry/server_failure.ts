/**
 * What can go wrong on the way to a server and back, before the database has
 * a word in it.
 *
 * @module
 */

import { shortened } from "../quote.ts";
import { AnswerTooLarge } from "./server_answer.ts";
import { TOKEN_VARIABLE } from "./location.ts";

/** What went wrong with a registry, and what to do about it. */
export interface Failure {
  /** What went wrong. */
  readonly reason: string;
  /** What to do next. */
  readonly hint: string;
}

/** A request without an answer, or with one that is none of a database. */
export class ServerFailure extends Error {
  /** The class, for messages. */
  override readonly name: string = "ServerFailure";
  /** What to do about it. */
  readonly hint: string;

  /** As libsql's errors have it, where there is one. */
  readonly code: string | undefined;

  private constructor(message: string, hint: string, code?: string) {
    // Without the cause: it may hold the request, and that the token.
    super(message);
    this.hint = hint;
    this.code = code;
  }

  /** What it means that a server sends to another one. */
  static ofRedirect(): ServerFailure {
    return new ServerFailure(
      "the server redirects to another URL",
      "Name that one: a token is sent to no other.",
    );
  }

  /** What an error of `fetch` means. */
  static of(error: unknown, timeoutMs: number): ServerFailure {
    if (error instanceof ServerFailure) return error;
    if (error instanceof AnswerTooLarge) {
      return new ServerFailure(error.message, "Is it a libsql server?", error.code);
    }
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return new ServerFailure(
        `the server gave no answer within ${timeoutMs / 1000} s`,
        "Is it up, or too busy? Try again later.",
      );
    }
    const text = textOf(error);
    if (/dns error|failed to lookup/i.test(text)) {
      return new ServerFailure(
        "there is no host of that name",
        "Check the URL, and whether this machine has a network.",
      );
    }
    if (/connection refused/i.test(text)) {
      return new ServerFailure(
        "connection refused",
        "Is the server up? Check the host and the port of the URL.",
      );
    }
    if (/certificate|invalid peer|tls|handshake|corrupt message/i.test(text)) {
      return new ServerFailure(
        `no secure connection: ${tlsReason(text)}`,
        "A server without TLS is named http://HOST:PORT, or libsql://HOST:PORT?tls=0.",
      );
    }
    if (/redirect/i.test(text)) return ServerFailure.ofRedirect();
    return new ServerFailure(connectionReason(text), "Is it up? Try again later.");
  }

  /** What a response means that is no answer of a database. */
  static ofResponse({ status }: Response, body: string): ServerFailure {
    if (status === 401 || status === 403) {
      return new ServerFailure(
        `the server does not let you in (HTTP status ${status})`,
        `Is the token in ${TOKEN_VARIABLE} right, and still good?`,
      );
    }
    if (status === 200 || status === 404 || status === 405) {
      return new ServerFailure(
        `what answers there is no libsql server (HTTP status ${status})`,
        "Check the URL: it is that of sqld, without a path unless the server is behind one.",
      );
    }
    const said = body.trim() === "" || body.trimStart().startsWith("<") ? "" : `: ${wordsOf(body)}`;
    return new ServerFailure(
      `HTTP status ${status}${said}`,
      "The server itself failed: its log says why.",
    );
  }
}

/** What a failure of a registry on a server means; undefined if it is none. */
export function serverFailure(error: unknown): Failure | undefined {
  let code: unknown;
  let reason = "";
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ServerFailure) return { reason: at.message, hint: at.hint };
    // Of errors of libsql's client alone: others are bugs.
    if (/^Libsql/.test(at.name)) code = (at as { readonly code?: unknown }).code;
    reason = at.message;
  }
  if (error instanceof SyntaxError || (typeof code === "string" && /^HRANA_/.test(code))) {
    return { reason: "its answers are not understood", hint: "Is it a libsql server?" };
  }
  if (typeof code !== "string") return undefined;
  return { reason: shortened(reason.replace(/^(?:[A-Z_]+: )+/, ""), 200), hint: hintFor(code) };
}

/** Whether a server refused a row for what is in it, as it would at any time. */
export function isRefusal(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === "string" && /CONSTRAINT|^SQL_|^ARGS/.test(code)) return true;
  }
  return false;
}

/** Whether a server did nothing as others were writing, so that it can be asked again. */
export function isServerBusy(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "string" && /^SQLITE_(?:BUSY|LOCKED)/.test(code);
}

function hintFor(code: string): string {
  if (/BUSY|_LOCKED|^TRANSACTION/.test(code)) {
    return "Others are writing to it for a long time. Try again later.";
  }
  return /FULL|READONLY|IOERR|^BLOCKED/.test(code)
    ? "The server takes no writes: ask who keeps it whether its disk is full."
    : "The server's own log says more.";
}

/** The words of an error of a server: it gives them as JSON, or as they are. */
function wordsOf(body: string): string {
  let words: unknown = body;
  try {
    const { message, error } = JSON.parse(body) as { message?: unknown; error?: unknown };
    words = message ?? error ?? body;
  } catch {
    // Not JSON.
  }
  return shortened(String(words).trim(), 200);
}

/** All that an error and its causes say. */
function textOf(error: unknown): string {
  const said: string[] = [];
  for (let at = error; at instanceof Error && said.length < 10; at = at.cause) {
    said.push(at.message);
  }
  return said.length === 0 ? String(error) : said.join(": ");
}

/** What a failure of TLS means, in words that are not its library's. */
function tlsReason(text: string): string {
  return inWords(text, TLS_REASONS) ?? "the server and this machine agree on no way";
}

const TLS_REASONS: readonly (readonly [said: RegExp, means: string])[] = [
  [
    /UnknownIssuer|self.?signed|unable to get/i,
    "its certificate is of nobody that is trusted here",
  ],
  [/NotValidForName|not valid for/i, "its certificate is for another host"],
  [/NotValidYet/i, "its certificate is not valid yet: is this machine's clock right?"],
  [/Expired/i, "its certificate has expired"],
  [/Revoked/i, "its certificate was revoked"],
  [/certificate|invalid peer/i, "its certificate cannot be accepted"],
  [/corrupt message|InvalidContentType|eof|unexpected/i, "the server does not speak TLS"],
];

/** What a failure of a connection means, likewise. */
function connectionReason(text: string): string {
  return inWords(text, CONNECTION_REASONS) ?? "there is no connection to the server";
}

const CONNECTION_REASONS: readonly (readonly [said: RegExp, means: string])[] = [
  [/reset|broken pipe|aborted/i, "the connection was broken off"],
  [/closed|incomplete|unexpected end|eof/i, "the server ended the connection without an answer"],
  [/unreachable|no route/i, "there is no way to the server from this network"],
  [/timed? ?out/i, "the server does not answer"],
  [/body|decod|invalid|http2?/i, "what answers there speaks no HTTP that is understood"],
];

function inWords(
  text: string,
  reasons: readonly (readonly [said: RegExp, means: string])[],
): string | undefined {
  return reasons.find(([said]) => said.test(text))?.[1];
}
