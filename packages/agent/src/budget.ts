import { ClewError } from "@clew/core";

/** What the sessions of one server may take together. `calls` counts costs (a search costs more than a look-up), `rows` facts, `seconds` time spent answering. */
export interface Budget {
	readonly calls: number;
	readonly rows: number;
	readonly bytes: number;
	readonly seconds: number;
}

export const DEFAULT_BUDGET: Budget = { calls: 2_000, rows: 50_000, bytes: 32_000_000, seconds: 600 };

/** Checks of answers are counted apart, so that an answer can be checked when all else is used up. */
export const CHECKS: Budget = { calls: 1_000, rows: 1, bytes: 64_000_000, seconds: 120 };

/** What is left of a budget: one for all sessions of a server, since whoever is through with one opens another. */
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
			throw new ClewError("USAGE", `the budget of ${lacks} is used up`, {
				hint: "Answer with what you have. A person starts the server again, or with a larger one: --max-calls, --max-rows, --max-bytes or --max-seconds.",
			});
		this.left = { ...this.left, calls: this.left.calls - cost };
	}

	/** Takes as many of these rows as are left, and gives their number. */
	rows(wanted: number): number {
		const given = Math.min(wanted, this.rest.rows);
		this.left = { ...this.left, rows: this.left.rows - given };
		return given;
	}

	/** Takes what an answer was. */
	took({ bytes, seconds }: Pick<Budget, "bytes" | "seconds">): void {
		const { left } = this;
		this.left = { ...left, bytes: left.bytes - bytes, seconds: left.seconds - seconds };
	}
}
