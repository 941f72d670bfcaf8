import { throwIfAborted } from "./errors.js";

/** Work goes on for so long before signals are looked at again. */
const EVERY_MS = 50;

/**
 * Gives a function to await between steps of long work: now and then it lets the process see that it was interrupted, which it cannot
 * while promises alone follow each other. Throws InterruptedError once the signal has fired.
 */
export function breathing(signal: AbortSignal | undefined): () => Promise<void> {
	let last = performance.now();
	return async () => {
		if (performance.now() - last >= EVERY_MS) {
			await new Promise<void>((resolve) => setImmediate(resolve));
			last = performance.now();
		}
		throwIfAborted(signal);
	};
}
