import { ClewError } from "@clew/core";

/** What one session may take. `calls` counts costs (a search costs more than a look-up), `rows` facts, `seconds` time spent answering. */
export interface Budget {
	readonly calls: number;
	readonly rows: number;
	readonly bytes: number;
	readonly seconds: number;
}

export const DEFAULT_BUDGET: Budget = { calls: 2_000, rows: 50_000, bytes: 32_000_000, seconds: 600 };

/** What is left of a session's budget. */
export class Purse {
	private left: Budget;

	constructor(budget: Budget) {
		this.left = budget;
	}

	get rest(): Budget {
		const { calls, rows, bytes, seconds } = this.left;
		const whole = (n: number) => Math.max(0, Math.floor(n));
		return { calls: whole(calls), rows: whole(rows), bytes: whole(bytes), seconds: whole(seconds) };
	}

	/** Takes a call before it is made. Throws ClewError (USAGE) where anything is used up. */
	begin(cost: number): void {
		const empty = (["rows", "bytes", "seconds"] as const).find((one) => this.left[one] <= 0);
		const lacks = this.left.calls < cost ? "calls" : empty;
		if (lacks !== undefined)
			throw new ClewError("USAGE", `this session's budget of ${lacks} is used up`, {
				hint: "Answer with what you have. A person starts another session, or a larger one with --max-calls, --max-rows, --max-bytes or --max-seconds.",
			});
		this.left = { ...this.left, calls: this.left.calls - cost };
	}

	/** Takes what an answer was. */
	took({ rows, bytes, seconds }: Omit<Budget, "calls">): void {
		const { left } = this;
		this.left = { ...left, rows: left.rows - rows, bytes: left.bytes - bytes, seconds: left.seconds - seconds };
	}
}
