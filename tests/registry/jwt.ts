/**
 * Keys and tokens for a server that asks for one.
 *
 * @module
 */

/** A new key, as sqld reads it from a file, and a token that it is good for. */
export async function keyPair(): Promise<{ readonly publicKey: string; readonly token: string }> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  const encoded = [{ alg: "EdDSA", typ: "JWT" }, { a: "rw" }]
    .map((part) => base64Url(new TextEncoder().encode(JSON.stringify(part)))).join(".");
  const signature = await crypto.subtle.sign(
    "Ed25519",
    privateKey,
    new TextEncoder().encode(encoded),
  );
  return { publicKey: base64Url(raw), token: `${encoded}.${base64Url(new Uint8Array(signature))}` };
}

function base64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
