import {
	type AssetId,
	assetChain,
	coinOf,
	DETECTION_KINDS,
	type Detection,
	formatAmount,
	formatPosition,
	type GraphStore,
	imitatedBy,
	isNative,
	type Label,
	publishedToken,
	type Transfer,
	wrappedCoin,
} from "@clew/core";
import type { Told } from "../facts.js";
import { outside } from "../outside.js";

type Data<K extends Told["kind"]> = Extract<Told, { kind: K }>["data"];

/** Amounts as facts state them, and the assets that they are of. One for each answer. */
export class Amounts {
	private readonly store: Pick<GraphStore, "asset">;
	private readonly known = new Map<AssetId, { readonly decimals: number | undefined; readonly symbol: string | undefined }>();
	private readonly facts = new Map<AssetId, Told>();

	constructor(store: Pick<GraphStore, "asset">) {
		this.store = store;
	}

	/** In base units and, where decimals are known, whole ones; a symbol only where it is Clew's own word. */
	async of(amount: bigint, asset: AssetId): Promise<Data<"balance">["balance"]> {
		const { decimals, symbol } = this.known.get(asset) ?? (await this.learn(asset));
		return {
			units: amount.toString(),
			...(decimals === undefined ? {} : { amount: formatAmount(amount, decimals) }),
			...(symbol === undefined ? {} : { symbol }),
			asset,
		};
	}

	/** What the case says of the assets that were named, each once; of coins nothing has to be said. */
	list(): Told[] {
		return [...this.facts.values()];
	}

	private async learn(asset: AssetId) {
		const own = ownName(asset);
		const told = own === undefined || own.decimals === undefined ? await this.store.asset(asset) : undefined;
		const learned = { decimals: own?.decimals ?? told?.decimals, symbol: own?.symbol };
		this.known.set(asset, learned);
		if (told !== undefined && own === undefined) {
			const imitated = imitatedBy(asset, told.symbol);
			this.facts.set(asset, {
				kind: "asset",
				data: {
					asset,
					decimals: told.decimals,
					symbol: outside(told.symbol),
					published: false,
					...(imitated === undefined ? {} : { imitates: imitated.symbol }),
				},
			});
		}
		return learned;
	}
}

/** What Clew itself calls an asset. */
function ownName(asset: AssetId): { readonly symbol: string; readonly decimals: number | undefined } | undefined {
	const coin = coinOf(assetChain(asset));
	if (isNative(asset)) return { symbol: coin.symbol, decimals: coin.decimals };
	if (wrappedCoin(assetChain(asset))?.asset === asset) return { symbol: `W${coin.symbol}`, decimals: coin.decimals };
	return publishedToken(asset);
}

/** ISO UTC of a block's time, where the case knows it. */
export async function timeAt(store: Pick<GraphStore, "header">, { chain, position }: Pick<Transfer, "chain" | "position">) {
	const seconds = (await store.header(chain, position.height))?.time;
	return seconds === undefined ? undefined : isoSeconds(seconds);
}

/** ISO UTC without fractions. */
export function isoSeconds(seconds: number): string {
	return new Date(seconds * 1_000).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Movements as facts, in their order. */
export async function transferFacts(store: GraphStore, transfers: readonly Transfer[], amounts: Amounts): Promise<Told[]> {
	const facts: Told[] = [];
	for (const one of transfers) {
		const time = await timeAt(store, one);
		const data: Data<"transfer"> = {
			chain: one.chain,
			position: formatPosition(one.position),
			...(time === undefined ? {} : { time }),
			txHash: one.txHash,
			from: one.from,
			to: one.to,
			amount: await amounts.of(one.amount, one.asset),
			kind: one.kind,
			provenance: one.provenance,
		};
		facts.push({ kind: "transfer", data });
	}
	return facts;
}

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?$/;
const dateOr = <K extends string>(key: K, text: string | undefined) =>
	(text !== undefined && DATE.test(text) ? { [key]: text } : {}) as { [key in K]?: string };

/** A label as a fact. Of victims nothing but that they are. */
export function labelFact({ account, category, entity, name, source, confidence, retrievedAt, validFrom, validUntil }: Label): Told {
	const isVictim = category === "victim";
	const hidden = outside("");
	return {
		kind: "label",
		data: {
			account,
			category,
			entity: isVictim ? hidden : outside(entity),
			name: isVictim ? hidden : outside(name),
			source: isVictim ? hidden : outside(source),
			confidence,
			...dateOr("retrievedAt", retrievedAt),
			...dateOr("validFrom", validFrom),
			...dateOr("validUntil", validUntil),
		},
	};
}

/** What a heuristic saw, as a fact of the tier that it has. */
export function detectionFact(one: Detection): Told[] {
	if (!DETECTION_KINDS.includes(one.kind)) return [];
	const { account, kind, tier, heuristic, version, score, counterpart, evidence } = one;
	return [
		{
			kind: "detection",
			tier,
			data: {
				account,
				kind,
				heuristic,
				version,
				score,
				...(counterpart === undefined ? {} : { counterpart }),
				evidence: evidence.filter((position) => /^\d+\.\d+\.\d+$/.test(position)),
			},
		},
	];
}
