import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	type ChainId,
	ERROR_RATES,
	type LedgerReader,
	nullAccount,
	type OutputReader,
	ownerOf,
	type Position,
	type UtxoOutput,
	type UtxoTransaction,
} from "@clew/core";
import type { OutputsBack } from "../backward/outputs-back.js";
import { DatedLabels } from "../dated-labels.js";
import type { Parcels } from "../ledger.js";
import { EQUAL_OUTPUT, findCoinJoins } from "../patterns/coinjoin.js";
import type { Finding } from "../patterns/finding.js";
import { isNobody, MINTED, OUTSIDE_BUDGET, patternStop, type Stop, serviceStop } from "../stops.js";
import type { SweepOptions } from "../sweep-options.js";
import { isDust } from "../tally.js";

const BURNED: Stop = { reason: "burned", detail: "an output that nobody can spend" };

/** Decides which tainted outputs are not followed, and which transactions end a trace. */
export class OutputStops {
	private readonly profiles = new Map<AccountId, AccountProfile>();
	readonly dated: DatedLabels;
	private labelled: ReadonlySet<AccountId> = new Set();
	private busy: ReadonlySet<AccountId> = new Set();
	private readonly source: LedgerReader & OutputReader;
	private readonly chain: ChainId;
	private readonly asset: AssetId;
	private readonly options: SweepOptions;
	private readonly origins: number;
	private readonly back: OutputsBack | undefined;

	constructor(
		source: LedgerReader & OutputReader,
		chain: ChainId,
		asset: AssetId,
		options: SweepOptions,
		origins: number,
		back: OutputsBack | undefined,
	) {
		this.back = back;
		this.source = source;
		this.chain = chain;
		this.asset = asset;
		this.options = options;
		this.origins = origins;
		this.dated = new DatedLabels(source, chain, options.stops);
	}

	/** Reads, once, which accounts are worth asking about: most carry no label and are no hub. */
	async prepare(): Promise<void> {
		this.labelled = await this.source.labelledAccounts();
		this.busy = await this.source.busyAccounts(this.chain, this.options.stops.serviceTransfers);
	}

	/** True when {@link OutputStops.lookUp} must come before {@link OutputStops.at}. */
	mustLookUp(account: AccountId, height: number): boolean {
		if (!this.labelled.has(account) && !this.busy.has(account)) return false;
		const profile = this.profiles.get(account);
		return profile === undefined || this.dated.mustRead(profile, height);
	}

	async lookUp(account: AccountId, height: number): Promise<void> {
		const profile = this.profiles.get(account) ?? (await this.source.profile(account, this.options.stops.serviceTransfers));
		this.profiles.set(account, profile);
		await this.dated.read(profile, height);
	}

	/** Why an output that is made at a position is not followed; undefined: follow it. */
	at(output: UtxoOutput, parcels: Parcels, position: Position): Stop | undefined {
		if (this.back !== undefined && isNobody(output.account)) return MINTED;
		if (output.scriptType === "op_return" || output.account === nullAccount(this.chain)) return BURNED;
		const { dust, rules, inside } = this.options;
		// What anybody may spend is nobody's: all anchors of a chain have one address, which is no busy service.
		const whose = ownerOf(output) === undefined ? undefined : this.whoseAt(output.account, position);
		if (whose !== undefined) return whose;
		const threshold = dust.get(this.asset) ?? 0n;
		if (isDust(parcels, rules, this.origins, threshold))
			return { reason: "dust", detail: `outputs with less than ${threshold} satoshi of it` };
		return inside === undefined || inside.has(output.account) ? undefined : OUTSIDE_BUDGET;
	}

	private whoseAt(account: AccountId, position: Position): Stop | undefined {
		const profile = this.profiles.get(account);
		if (profile === undefined) return undefined;
		const stop = serviceStop(profile, this.options.stops, this.dated.timeAt(position.height));
		if (stop?.label === undefined) this.dated.note(account, profile, position);
		return stop;
	}

	/** Why nothing is followed through a transaction; undefined: go on. */
	through(traced: UtxoTransaction): Stop | undefined {
		const tx = this.back?.realOf(traced) ?? traced;
		if (this.options.throughCoinJoins || tx.inputs.length < 2 || tx.outputs.length < 2) return undefined;
		// Two equal outputs alone do not end a trace: anybody can make them, and a thief would.
		const finding = findCoinJoins(tx, this.options.coinJoin).find((f) => f.mixes && f.name !== EQUAL_OUTPUT);
		if (finding === undefined) return undefined;
		return this.back === undefined ? coinJoinStop(finding) : coinJoinStop(finding, "made");
	}
}

/** Nobody named it: a trace ends where a transaction looks like a mix. */
export function coinJoinStop({ name, version, score }: Pick<Finding, "name" | "version" | "score">, how: "spent" | "made" = "spent"): Stop {
	const rate = ERROR_RATES[name];
	const measured = rate === undefined ? "how often that is right was not measured" : `precision ${rate.precision} in simulated worlds`;
	return patternStop("mixer", `${how} in what looks like a CoinJoin (${name} v${version}, ${score} % of its features; ${measured})`);
}
