/**
 * A registry on a libsql server, reached by HTTP. Each statement, and each
 * batch of them, is one request: nothing is held between two of them.
 *
 * @module
 */

import { type Client, createClient } from "@libsql/client/http";
import type { RemoteRegistry } from "./location.ts";
import { appliedMigrations, migrate, SCHEMA_VERSION, type SchemaOptions } from "./migrate.ts";
import { answerText } from "./server_answer.ts";
import { isServerBusy, ServerFailure } from "./server_failure.ts";

/**
 * Opens the registry on a server, and makes or updates its tables if need be.
 *
 * @param location where it is
 * @param options `create`: whether tables are made in an empty database; `anySchema`: whether they
 * may be others than those that sigrun makes
 * @returns undefined if it is empty and stays so
 * @throws {ServerFailure} if the server gives no answer, or refuses
 * @throws {UserError} if it is another program's database, or of a newer sigrun
 */
export async function clientOf(
  location: RemoteRegistry,
  { create, anySchema = false }: SchemaOptions & { readonly create: boolean },
): Promise<Client | undefined> {
  const client = createClient({
    url: clientUrl(location.url),
    fetch: fetcherOf(location),
    ...(location.token === null ? {} : { authToken: location.token.reveal() }),
  });
  waitsForWriters(client);
  try {
    const applied = await appliedMigrations(client, location, { anySchema });
    if (applied === 0 && !create) {
      client.close();
      return undefined;
    }
    if (applied < SCHEMA_VERSION) await migrate(client, location);
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

/** How long to wait before a batch is sent again, in milliseconds: others are writing. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1600];

/**
 * Makes a client send a batch again that the server refused as others were
 * writing: it waits for them too short a time, and has done nothing.
 */
function waitsForWriters(client: Client): void {
  const once = client.batch.bind(client);
  client.batch = async (statements, mode) => {
    for (const pause of PAUSES_MS) {
      try {
        return await once(statements, mode);
      } catch (error) {
        if (!isServerBusy(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return await once(statements, mode);
  };
}

/** A path is a folder to the client, which puts what it asks for into it. */
function clientUrl(url: string): string {
  const [place, query] = url.split("?");
  return `${place}/${query === undefined ? "" : `?${query}`}`;
}

/**
 * Sends requests that end in time, to the server and to no other, and tells
 * what else came than an answer.
 */
function fetcherOf({ url, timeoutMs }: RemoteRegistry): (request: Request) => Promise<Response> {
  const { host } = new URL(url);
  return async (request) => {
    try {
      // An answer may say where to ask from now on, which would take the token there.
      if (new URL(request.url).host !== host) throw ServerFailure.ofRedirect();
      // What is redirected would take the token elsewhere.
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(request, { signal, redirect: "error" });
      const body = await answerText(response);
      if (!response.ok || !isJson(response)) throw ServerFailure.ofResponse(response, body);
      return new Response(body, { headers: response.headers });
    } catch (error) {
      throw ServerFailure.of(error, timeoutMs);
    }
  };
}

function isJson({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("application/json") === true;
}
