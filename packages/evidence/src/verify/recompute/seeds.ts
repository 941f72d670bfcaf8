import { balanceOf } from "../backward/direction.js";
import type { Trace } from "../bundle/formats.js";
import { familyOf } from "../chain-family/registry.js";
import { Refusal } from "../failure.js";
import type { SeedSpec } from "./replayed.js";

/**
 * The seeds of a trace as it states them: their words, and the options that go for all of them. Throws Error for words that say nothing.
 */
export function seedsOf({ chain, seeds, parameters }: Trace, rules: readonly string[]): SeedSpec[] {
	const limit = parameters["seedLimit"] ?? "none";
	const named = parameters["seedAsset"] ?? "any";
	return seeds.map(({ spec, rows }): SeedSpec => {
		const marks = new Map(
			rows.flatMap(({ position, seeded, passage }) =>
				passage === undefined ? [] : [[position, rules.map((rule) => BigInt(seeded[rule] ?? "0"))] as const],
			),
		);
		const at = spec.indexOf(":");
		const [kind, rest] = [spec.slice(0, at), spec.slice(at + 1)];
		const common = {
			since: Number(parameters["seedSince"] ?? "0"),
			marks,
			...(named === "any" ? {} : { asset: named }),
			...(limit === "none" ? {} : { limit: BigInt(limit) }),
		};
		const balance = balanceOf(spec);
		if (balance !== undefined)
			return { ...common, kind: "balance", subject: accountOf(balance.account, chain), since: Number(balance.height) };
		if (kind === "account") return { ...common, kind, subject: accountOf(rest, chain) };
		if (kind === "tx" || kind === "outpoint") return { ...common, kind, subject: rest.toLowerCase() };
		if (kind === "passage") return { ...common, kind, subject: rest };
		if (kind !== "transfer") throw new Refusal(`${JSON.stringify(spec.slice(0, 100))} is no seed`);
		const event = /^((?:0x)?[0-9a-fA-F]{64}):([0-9]{1,5})$/.exec(rest);
		if (event === null) return { ...common, kind, subject: rest };
		return { ...common, kind, subject: (event[1] as string).toLowerCase(), event: Number(event[2]) };
	});
}

/** An address, or an account with its chain. */
export function accountOf(text: string, chain: string): string {
	const address = text.slice(text.lastIndexOf(":") + 1);
	return `${chain}:${familyOf(chain)?.storedAddress(address) ?? address.toLowerCase()}`;
}
