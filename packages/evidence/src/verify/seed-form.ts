import { isBitcoin } from "./rules.js";

const HASH = "0x[0-9a-fA-F]{64}";
/** Forms of what a trace begins at (docs/tracing-rules.md), on chains of accounts and of outputs. */
const FORMS = {
	accounts: [
		/^account:[\x21-\x7e]{1,200}$/,
		new RegExp(`^tx:${HASH}$`),
		/^transfer:\d{1,10}\.\d{1,5}\.\d{1,5}$/,
		new RegExp(`^transfer:${HASH}:\\d{1,5}$`),
	],
	outputs: [/^account:[\x21-\x7e]{1,200}$/, /^tx:(0x)?[0-9a-fA-F]{64}$/, /^outpoint:[0-9a-fA-F]{64}:\d{1,10}$/],
} as const;
/** The far end of a bridge or a pool: a seed of the chain that the money came from stands behind it. */
const PASSAGE = "passage:";

/** True for the text of a seed that a trace of the chain can have. */
export function isSeed(spec: string, chain: string): boolean {
	const of = (text: string, forms: readonly RegExp[]) => forms.some((form) => form.test(text));
	if (spec.startsWith(PASSAGE)) return of(spec.slice(PASSAGE.length), [...FORMS.accounts, ...FORMS.outputs]);
	return of(spec, isBitcoin(chain) ? FORMS.outputs : FORMS.accounts);
}
