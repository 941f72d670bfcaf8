import { type BitcoinNetwork, type ChainId, familyOf, type GraphStore, InputError, impossibleMoment, startOf } from "@clew/core";

/** What the files of one import tell of blocks: each height has one hash, and in Bitcoin's files each hash one height. */
export class BlockFacts {
	private readonly heights = new Map<string, { readonly height: number; readonly where: string }>();
	private readonly hashes = new Map<number, { readonly hash: string; readonly where: string }>();
	/** Heights whose hash the case was not yet asked for. */
	private unchecked = new Set<number>();

	/** Throws InputError (CONFLICT) when another row names another hash, or has the hash at another height. */
	tellBlock(height: number, hash: string, where: string): void {
		const elsewhere = this.heights.get(hash);
		if (elsewhere === undefined) this.heights.set(hash, { height, where });
		else if (elsewhere.height !== height) throw otherHeight(height, hash, where, elsewhere);
		this.tellHash(height, hash, where);
	}

	/**
	 * Throws InputError (CONFLICT) when another row names another hash. Lists of EVM chains may have one stand-in for hashes that they
	 * lack.
	 */
	tellHash(height: number, hash: string, where: string): void {
		const known = this.hashes.get(height);
		if (known === undefined) {
			this.hashes.set(height, { hash, where });
			this.unchecked.add(height);
		} else if (known.hash !== hash) throw otherHash(height, hash, where, `${known.hash} at ${known.where}`);
	}

	/** Throws InputError (CONFLICT) when the case holds another block at a height that was told of since the last check. */
	async checkCase(store: GraphStore, chain: ChainId): Promise<void> {
		for (const height of this.unchecked) {
			const held = (await store.header(chain, height))?.hash;
			const told = this.hashes.get(height);
			if (held !== undefined && told !== undefined && held !== told.hash)
				throw otherHash(height, told.hash, told.where, `${held} in the case`);
		}
		this.unchecked = new Set();
	}
}

function otherHash(height: number, hash: string, where: string, other: string): InputError {
	return new InputError(`block ${height} is ${hash} here, and ${other}`, {
		where,
		code: "CONFLICT",
		hint: "The sources are of different chains or of a block that was replaced, or one was edited; nothing was imported.",
	});
}

function otherHeight(height: number, hash: string, where: string, other: { readonly height: number; readonly where: string }): InputError {
	return new InputError(`block ${hash} has height ${height} here, and height ${other.height} at ${other.where}`, {
		where,
		code: "CONFLICT",
		hint: "A block has one height: one of the two was edited or is damaged; nothing was imported.",
	});
}

interface ToldTime {
	readonly time: number;
	readonly where: string;
}

/**
 * Seconds by which a Bitcoin block may be earlier than a lower one. Rules allow two hours ahead of the network's time, which a node's
 * clock may miss by 70 minutes, and any time after the median of the eleven blocks before, which usually lags by an hour and in the slow
 * first months by some. No block of mainnet was ever two hours behind the one before it (BIP 54).
 */
const BITCOIN_SLACK = 24 * 60 * 60;

/** How far block times of a Bitcoin network may run backwards: without bound where clocks are set by hand. */
export function bitcoinSlack({ setsClock }: Pick<BitcoinNetwork, "setsClock">): number {
	return setsClock ? Number.POSITIVE_INFINITY : BITCOIN_SLACK;
}

/** The times of the blocks of one file. A higher block may be `slack` seconds earlier than a lower one. */
export class BlockTimes {
	private readonly slack: number;
	private times = new Map<number, ToldTime>();
	private last: (ToldTime & { readonly height: number }) | undefined;

	constructor(slack = 0) {
		this.slack = slack;
	}

	/**
	 * Throws InputError (CONFLICT) for a second time of a block, and for a time before that of a lower block in the row before.
	 */
	tell(height: number, time: number, where: string): void {
		const known = this.times.get(height);
		if (known !== undefined && known.time !== time) throw badTime(`rows give block ${height} the times ${known.time} and ${time}`, where);
		this.times.set(height, { time, where });
		const { last } = this;
		if (last !== undefined && this.runsBackwards(height, time, last)) throw backwards(height, time, where, last, last.where);
		this.last = { height, time, where };
	}

	/**
	 * What was told since the last call. Throws InputError (CONFLICT) when a block that the case knows, from this file, another one or a
	 * node, is higher and earlier than one told here, or lower and later: then the sources are of different chains; so when blocks told
	 * here are, wherever they stand. So for a time that no such block can have.
	 */
	async take(store: GraphStore, chain: ChainId): Promise<ReadonlyMap<number, number>> {
		const told = [...this.times];
		this.times = new Map();
		this.checkOrder(told);
		const beside = await store.headersBeside(
			chain,
			told.map(([height]) => height),
		);
		for (const [i, [height, { time, where }]] of told.entries()) {
			const impossible = impossibleMoment(chain, time) ?? familyOf(chain).impossibleTime?.(chain, height, time);
			if (impossible !== undefined) throw badTime(impossible, where);
			const other = beside[i]?.find((header) => this.runsBackwards(height, time, header));
			if (other !== undefined) throw backwards(height, time, where, other, await tellerOf(store, chain, other.height));
		}
		return new Map(told.map(([height, { time }]) => [height, time]));
	}

	private checkOrder(told: readonly (readonly [number, ToldTime])[]): void {
		let latest: (ToldTime & { readonly height: number }) | undefined;
		for (const [height, { time, where }] of [...told].sort(([a], [b]) => a - b)) {
			if (latest !== undefined && this.runsBackwards(height, time, latest)) throw backwards(height, time, where, latest, latest.where);
			if (latest === undefined || time > latest.time) latest = { height, time, where };
		}
	}

	private runsBackwards(height: number, time: number, other: { readonly height: number; readonly time: number }): boolean {
		return Math.sign(height - other.height) * (other.time - time) > this.slack;
	}
}

const isoTime = (time: number) => new Date(time * 1000).toISOString().slice(0, 19);

/** The name of a source that told of a height, for messages. */
async function tellerOf(store: GraphStore, chain: ChainId, height: number): Promise<string> {
	const [transfer] = await store.scan(chain, startOf(height), 1);
	const source = transfer?.position.height === height ? (await store.sources()).find(({ id }) => id === transfer.source) : undefined;
	return source === undefined ? "the case" : source.name;
}

function backwards(
	height: number,
	time: number,
	where: string,
	other: { readonly height: number; readonly time: number },
	told: string,
): InputError {
	const block = (h: number, t: number) => `block ${h} has the time ${t} (${isoTime(t)})`;
	return new InputError(`${block(height, time)}, and ${block(other.height, other.time)} by ${told}: time runs backwards`, {
		where,
		code: "CONFLICT",
		hint: "The files are of different chains (say which with --chain), or one was edited or is damaged; nothing was imported.",
	});
}

function badTime(what: string, where: string): InputError {
	return new InputError(what, { where, code: "CONFLICT", hint: "The file was edited or is damaged; nothing was imported." });
}
