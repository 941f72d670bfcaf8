import { type AccountId, type AccountProfile, type ChainId, datesInWords, isDated, type LedgerReader, type Position } from "@clew/core";
import { endedLabel, type StopParameters } from "./stops.js";

/** Money came to an account at which a label had ended that would have stopped it. */
export interface PassedLabel {
	readonly account: AccountId;
	readonly detail: string;
	readonly first: Position;
	last: Position;
}

/** The times of arrivals at accounts whose labels have dates, and what such labels did not stop. Times of other arrivals are never read. */
export class DatedLabels {
	private readonly times = new Map<number, number | undefined>();
	private readonly notes = new Map<string, PassedLabel>();
	private readonly source: LedgerReader;
	private readonly chain: ChainId;
	private readonly parameters: StopParameters;

	constructor(source: LedgerReader, chain: ChainId, parameters: StopParameters) {
		this.source = source;
		this.chain = chain;
		this.parameters = parameters;
	}

	/** True when {@link DatedLabels.read} must come before the account's labels are asked about money that comes at a height. */
	mustRead(profile: AccountProfile | undefined, height: number): boolean {
		return profile?.labels.some(isDated) === true && !this.times.has(height);
	}

	async read(profile: AccountProfile | undefined, height: number): Promise<void> {
		if (this.mustRead(profile, height)) this.times.set(height, (await this.source.header(this.chain, height))?.time);
	}

	/** Unix seconds of a height; undefined where the case does not know, or no label needed it. */
	timeAt(height: number): number | undefined {
		return this.times.get(height);
	}

	/** Notes that money came which no label stopped, if one did not because it had ended. */
	note(account: AccountId, { labels }: AccountProfile, at: Position): void {
		if (!labels.some(isDated)) return;
		const label = endedLabel(labels, this.parameters, this.timeAt(at.height));
		if (label === undefined) return;
		const detail = `a label of ${label.entity} (${label.category}, confidence ${label.confidence}; ${datesInWords(label)}) stood here`;
		const key = `${account} ${detail}`;
		const known = this.notes.get(key);
		if (known === undefined) this.notes.set(key, { account, detail, first: at, last: at });
		else known.last = at;
	}

	/** In the order in which money came first. */
	get passed(): readonly PassedLabel[] {
		return [...this.notes.values()];
	}
}
