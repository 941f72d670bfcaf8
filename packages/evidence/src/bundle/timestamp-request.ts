import { createHash } from "node:crypto";
import { NodeError, readBounded, rememberEndpoint, safeCause } from "@clew/core";

/** A TimeStampReq (RFC 3161, 2.4.1) up to its hash: version 1, SHA-256. */
const REQUEST_HEAD = "30390201013031300d060960864801650304020105000420";
/** …and behind it: the certificate is wanted in the answer. */
const REQUEST_TAIL = "0101ff";
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 1 << 20;

/**
 * The request to stamp these bytes, DER. Without a nonce, so that the same bytes give the same request; a time stamp is checked by what it
 * is about.
 */
export function timestampRequest(data: string | Uint8Array): Buffer {
	return Buffer.concat([Buffer.from(REQUEST_HEAD, "hex"), createHash("sha256").update(data).digest(), Buffer.from(REQUEST_TAIL, "hex")]);
}

/** Asks a time stamp authority over HTTP (RFC 3161, 3.4). Gives its response, DER; nothing of it is checked here. Throws NodeError. */
export async function askTimestamp(url: string, data: string | Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
	const { name, secrets } = rememberEndpoint(url);
	const timeout = AbortSignal.timeout(TIMEOUT_MS);
	try {
		const response = await fetch(url, {
			method: "POST",
			headers: { "content-type": "application/timestamp-query" },
			body: timestampRequest(data) as Uint8Array<ArrayBuffer>,
			signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
		});
		if (!response.ok) throw new NodeError("NODE_BAD_ANSWER", name, `the time stamp authority answers HTTP ${response.status}`);
		const bytes = await readBounded(response.body, MAX_BYTES);
		if (bytes === undefined || bytes.length === 0)
			throw new NodeError("NODE_BAD_ANSWER", name, `the time stamp authority answers ${bytes === undefined ? "too much" : "nothing"}`);
		return bytes;
	} catch (cause) {
		if (cause instanceof NodeError) throw cause;
		throw new NodeError("NODE_UNREACHABLE", name, "the time stamp authority does not answer", {
			cause: safeCause(cause, secrets),
			hint: "Ask again later, use another authority, or export without --timestamp.",
		});
	}
}
