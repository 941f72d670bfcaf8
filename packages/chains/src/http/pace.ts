/** Pause between requests to a host after its first word that they come too fast, in ms. */
const FIRST_GAP_MS = 50;
/** Who wants longer pauses says so with Retry-After. */
const LONGEST_GAP_MS = 2_000;
/** Requests in a row without such a word until the pause is made shorter. */
const EASE_AFTER = 10;
const EASE = 0.75;
/** How much longer pauses become where those of a named rate are refused, too. */
const BEHIND_NAMED = 1.25;
/** A shorter pause is none. */
const NO_GAP_MS = 10;

type Sleep = (ms: number) => Promise<void>;

/** What everybody in this process owes one host: a pause between requests that is learned from its answers, and rests. */
export class HostPace {
	/** Pause between two requests in ms. */
	private gapMs = 0;
	/** The pause that the host's own words ask for, which is never undercut. */
	private leastMs = 0;
	private nextAt = 0;
	private slowedAt = Number.NEGATIVE_INFINITY;
	private fine = 0;
	private resting: Promise<void> | undefined;

	/** Pause between two requests as learned so far, in ms. */
	get gap(): number {
		return this.gapMs;
	}

	/** Ends when the next request may be sent. */
	async turn(sleep: Sleep): Promise<void> {
		while (this.resting !== undefined) await this.resting;
		if (this.gapMs === 0) return;
		const now = performance.now();
		const at = Math.max(now, this.nextAt);
		this.nextAt = at + this.gapMs;
		if (at > now) await sleep(at - now);
		while (this.resting !== undefined) await this.resting;
	}

	/** The host said that requests come too fast; `perSecond` is the rate that it named. Many that fail together count once. */
	slower(perSecond?: number): void {
		this.fine = 0;
		if (perSecond !== undefined && perSecond > 0) this.leastMs = Math.max(this.leastMs, Math.ceil(1_000 / perSecond));
		const now = performance.now();
		if (now - this.slowedAt < this.gapMs) return;
		this.slowedAt = now;
		// Who names a rate is asked at that, and a little slower if that is still too fast: its seconds begin elsewhere than ours.
		const longer = this.leastMs === 0 ? this.gapMs * 2 : this.gapMs < this.leastMs ? this.leastMs : this.gapMs * BEHIND_NAMED;
		this.gapMs = Math.max(this.leastMs, Math.min(LONGEST_GAP_MS, Math.max(FIRST_GAP_MS, longer)));
	}

	/** The host answered. */
	answered(): void {
		this.fine++;
		if (this.gapMs === 0 || this.fine < EASE_AFTER) return;
		this.fine = 0;
		const eased = this.gapMs * EASE;
		this.gapMs = Math.max(this.leastMs, eased < NO_GAP_MS ? 0 : eased);
	}

	/** Nobody sends anything for so long; whoever comes while it lasts waits for the same end. True for who began it. */
	async rest(ms: number, sleep: Sleep): Promise<boolean> {
		const own = this.resting === undefined;
		this.resting ??= sleep(ms).finally(() => {
			this.resting = undefined;
		});
		await this.resting;
		return own;
	}
}

const paces = new Map<string, HostPace>();

/** The pace of a URL's host: one for all clients of this process, whichever keys they have. */
export function paceOf(url: string): HostPace {
	const { host } = new URL(url);
	const known = paces.get(host) ?? new HostPace();
	paces.set(host, known);
	return known;
}
