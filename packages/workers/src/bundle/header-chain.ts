import { type ChainNode, InputError, throwIfAborted } from "@clew/core";

/** A longer chain is better anchored nearer. */
export const MAX_HEADERS = 10_000;

/** How the headers are fetched, and where they go. */
export interface HeaderChainOptions {
	readonly onProgress?: (done: number, of: number) => void;
	readonly signal?: AbortSignal;
}

/**
 * Headers above `from` up to `anchor`, hex, ascending: who knows the last one's hash can walk down to every block between. Throws
 * InputError when the way is longer than ten thousand headers, and NodeError.
 */
export async function headerChain(
	node: ChainNode,
	from: number,
	anchor: number,
	{ onProgress, signal }: HeaderChainOptions,
): Promise<string[]> {
	if (anchor < from)
		throw new InputError(`the anchor ${anchor} lies below the blocks to be anchored, which begin at ${from}`, { code: "USAGE" });
	if (anchor - from > MAX_HEADERS)
		throw new InputError(`from block ${from} to ${anchor} are more than ${MAX_HEADERS} headers`, {
			code: "USAGE",
			hint: "Choose an anchor nearer to the rows.",
		});
	const headers: string[] = [];
	for (let height = from + 1; height <= anchor; height++) {
		throwIfAborted(signal);
		headers.push((await node.rawHeader(height)).header);
		onProgress?.(height - from, anchor - from);
	}
	return headers;
}
