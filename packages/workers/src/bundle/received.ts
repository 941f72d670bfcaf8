import type { Exchange } from "@clew/chains";
import { canonicalJson, sha256Hex } from "@clew/core";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const WITHHELD = "it holds what is secret of the endpoint's URL";

/**
 * A node's answer byte for byte as it came, as a line of a bundle: who was asked what, when (`at`, ISO time), and the body as text, or in
 * base64 where it is no UTF-8. What holds a secret of the endpoint is left out, which is said; its hash and size stay.
 */
export function receivedLine({ endpoint, request, status, body, secrets }: Exchange, at: string): string {
	const holds = (bytes: Uint8Array) => secrets.some((secret) => Buffer.from(bytes).includes(secret));
	const asked = holds(Buffer.from(request)) ? { requestWithheld: WITHHELD } : { request };
	const told = holds(body) ? { withheld: WITHHELD } : bodyOf(body);
	const sha256 = sha256Hex(body);
	return canonicalJson({ schema: "clew.received/1", endpoint, at, status, bytes: body.length.toString(), sha256, ...asked, ...told });
}

function bodyOf(body: Uint8Array): { text: string } | { base64: string } {
	try {
		return { text: utf8.decode(body) };
	} catch {
		return { base64: Buffer.from(body).toString("base64") };
	}
}
