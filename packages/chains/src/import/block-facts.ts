import { type ChainId, type GraphStore, InputError } from "@clew/core";

/** What the files of one import tell of blocks: each height has one hash and one time, and on account chains time never runs backwards. */
export class BlockFacts {
	private readonly hashes = new Map<number, { readonly hash: string; readonly where: string }>();
	/** Heights whose hash the case was not yet asked for. */
	private unchecked = new Set<number>();

	/** Throws InputError (CONFLICT) when another row names another hash. */
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

/** The times of the blocks of one file. */
export class BlockTimes {
	private times = new Map<number, number>();
	private last: { readonly height: number; readonly time: number } | undefined;

	/** Throws InputError (CONFLICT) for a second time of a block; on account chains also for a time before that of a lower block in the row before. */
	tell(height: number, time: number, where: string): void {
		const known = this.times.get(height);
		if (known !== undefined && known !== time) throw badTime(`rows give block ${height} the times ${known} and ${time}`, where);
		this.times.set(height, time);
		const { last } = this;
		if (last !== undefined && (height - last.height) * (time - last.time) < 0)
			throw badTime(`block ${height} has the time ${time}, and block ${last.height} the time ${last.time}: time runs backwards`, where);
		this.last = { height, time };
	}

	/** What was told since the last call. */
	take(): ReadonlyMap<number, number> {
		const { times } = this;
		this.times = new Map();
		return times;
	}
}

function badTime(what: string, where: string): InputError {
	return new InputError(what, { where, code: "CONFLICT", hint: "The file was edited or is damaged; nothing was imported." });
}
