import { ClewError, InputError, NodeError, readBounded, rememberEndpoint, safeCause } from "@clew/core";
import type { Context } from "./context.js";

const MAX_BYTES = 512 << 20;
const TIMEOUT_MS = 120_000;

/** Fetches a file that the user asked for; the whole of it or an error. `name` carries no secret. Throws InputError and NodeError. */
export async function download(url: string, context: Context): Promise<{ bytes: Buffer; name: string }> {
	const at = parse(url);
	const { name, secrets } = rememberEndpoint(url);
	try {
		const response = await fetch(at, { signal: AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT_MS)]) });
		if (!response.ok)
			throw new NodeError("NODE_BAD_ANSWER", name, `answered ${response.status}`, {
				hint: "Try again later, or download the list yourself and name the file.",
			});
		const bytes = await readBounded(response.body, MAX_BYTES, (size) => context.progress(`${name}: ${size >> 20} MiB`));
		if (bytes === undefined) throw new InputError(`is above ${MAX_BYTES >> 20} MiB`, { where: name });
		context.clearProgress();
		return { bytes: Buffer.from(bytes.buffer), name };
	} catch (cause) {
		if (cause instanceof ClewError) throw cause;
		throw new NodeError("NODE_UNREACHABLE", name, "cannot be fetched", {
			cause: safeCause(cause, secrets),
			hint: "Download the list yourself and name the file; nothing was changed.",
		});
	}
}

function parse(url: string): URL {
	const at = URL.canParse(url) ? new URL(url) : undefined;
	const local = at !== undefined && ["127.0.0.1", "localhost", "[::1]"].includes(at.hostname);
	if (at === undefined || (at.protocol !== "https:" && !local)) throw new InputError("a list is downloaded over https", { code: "USAGE" });
	return at;
}
