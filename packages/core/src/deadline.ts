/**
 * A signal that fires when a time is over or another signal fires; `done` takes it away, so that nothing stays behind on a signal that
 * lives as long as the process.
 */
export interface Deadline {
	readonly signal: AbortSignal;
	/** True when it was the time. */
	timedOut(): boolean;
	done(): void;
}

/** Starts a {@link Deadline} of `ms` milliseconds. */
export function deadline(ms: number, outer?: AbortSignal): Deadline {
	const controller = new AbortController();
	let late = false;
	const stop = () => controller.abort();
	const timer = setTimeout(() => {
		late = true;
		controller.abort();
	}, ms);
	outer?.addEventListener("abort", stop, { once: true });
	if (outer?.aborted) stop();
	return {
		signal: controller.signal,
		timedOut: () => late,
		done() {
			clearTimeout(timer);
			outer?.removeEventListener("abort", stop);
		},
	};
}
