/**
 * Reads what a stream gives, at most `maxBytes` of it, so that an endless answer, or one that unpacks to more than was sent, takes no
 * memory. Undefined when it is longer; the rest is then not read. `onPart` is told how much has come.
 */
export async function readBounded(
	parts: AsyncIterable<Uint8Array> | null | undefined,
	maxBytes: number,
	onPart?: (bytes: number) => void,
): Promise<Uint8Array | undefined> {
	const read: Uint8Array[] = [];
	let size = 0;
	for await (const part of parts ?? []) {
		size += part.length;
		if (size > maxBytes) return undefined;
		onPart?.(size);
		read.push(part);
	}
	const whole = new Uint8Array(size);
	let at = 0;
	for (const part of read) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
