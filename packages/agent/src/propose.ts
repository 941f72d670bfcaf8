import { InputError, parseAccountOn, sha256Hex } from "@clew/core";
import type { Broker, ProposalRequest } from "./broker.js";
import type { Fact } from "./facts.js";
import { type Answer, type Served, traceAsked } from "./served.js";

interface Proposing {
	readonly served: Served;
	readonly facts: ReadonlyMap<string, Fact>;
	readonly keep: Broker;
	readonly by: () => string;
}

interface Proposed {
	readonly account: string;
	readonly why: string;
	readonly cites: readonly string[];
	readonly trace?: string;
	readonly category?: string;
	readonly entity?: string;
}

const MAX_FACT = 4_000;

/**
 * Leaves a proposal for a person, with the facts that it rests on, and does nothing. Throws InputError for facts that no tool of the session
 * returned, and for a freeze that rests on leads alone or names an account that no cited fact names.
 */
export async function propose({ served, facts, keep, by }: Proposing, kind: ProposalRequest["kind"], asked: Proposed): Promise<Answer> {
	const { chain } = served.store.info;
	const account = parseAccountOn(chain, asked.account);
	const cited = asked.cites.map((id) => {
		const fact = facts.get(id);
		if (fact === undefined) throw new InputError(`no tool of this session returned ${id}`, { code: "USAGE", hint: "Cite ids of facts." });
		return fact;
	});
	if (!cited.some(({ data }) => JSON.stringify(data).includes(account)))
		throw new InputError("no cited fact names that account", { code: "USAGE", hint: "Cite the facts that speak of it." });
	if (kind === "freeze" && cited.every(({ tier }) => tier === "lead"))
		throw new InputError("a lead never supports a request to freeze", { code: "USAGE", hint: "Cite what the chain shows." });
	const { why, trace, category, entity } = asked;
	const id = await keep.ask({
		...{ ask: "propose", kind, account, why, by: by() },
		...(trace === undefined ? {} : { trace: (await traceAsked(served, trace)).id }),
		...(category === undefined ? {} : { category }),
		...(entity === undefined ? {} : { entity }),
		cites: cited.map((fact) => {
			const text = JSON.stringify(fact);
			return { id: fact.id, fact: text.length > MAX_FACT ? `sha256 ${sha256Hex(text)}` : text };
		}),
	});
	return { facts: [{ kind: "proposal", data: { proposal: id, kind, state: "waiting" } }], notes: ["proposed"] };
}
