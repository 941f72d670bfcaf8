import type { IncomingMessage, ServerResponse } from "node:http";

const MAX_BODY = 8 * 1024 * 1024;

/** Undefined where it is larger than a request may be. */
export async function bodyOf(stream: IncomingMessage, maxBytes = MAX_BODY): Promise<string | undefined> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > maxBytes) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString("utf8");
}

/** One JSON value as the whole answer. */
export function answerJson(response: ServerResponse, value: unknown): void {
	response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** A status with a line of text. */
export function refuse(response: ServerResponse, status: number, text: string): void {
	response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}

/** A page, or a status without one. */
export interface Shown {
	readonly status: number;
	readonly page: string;
}

/** Writes it. */
export function show(response: ServerResponse, { status, page }: Shown): void {
	if (page === "") refuse(response, status, status === 404 ? "Nothing is here." : "This is not the page of a held transaction.");
	else html(response, status, page);
}

function html(response: ServerResponse, status: number, page: string): void {
	response
		.writeHead(status, {
			"content-type": "text/html; charset=utf-8",
			"content-security-policy":
				"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			"x-content-type-options": "nosniff",
			// With less a browser calls its own form's origin "null", as it does those of others.
			"referrer-policy": "same-origin",
			"cache-control": "no-store",
		})
		.end(page);
}
