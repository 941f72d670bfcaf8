/** Measured by scripts/error-rates.ts: precision and recall in made-up worlds, whose truth is known. Written by that script; do not edit. */
export const ERROR_RATES: Readonly<
	Record<string, { readonly precision: string; readonly recall: string; readonly worlds: keyof typeof MEASURED_IN }>
> = {
	"deposit-address": { precision: "1.000", recall: "0.998", worlds: "accounts" },
	"custodial-service": { precision: "1.000", recall: "1.000", worlds: "accounts" },
	"mixer-pool": { precision: "1.000", recall: "1.000", worlds: "accounts" },
	"mixer-link": { precision: "0.118", recall: "0.233", worlds: "accounts" },
	"address-poisoning": { precision: "1.000", recall: "1.000", worlds: "accounts" },
	drainer: { precision: "1.000", recall: "1.000", worlds: "accounts" },
	airdrop: { precision: "1.000", recall: "1.000", worlds: "accounts" },
};

/** Where the figures come from, by kind of world. */
export const MEASURED_IN = {
	accounts: "simulated worlds",
	bitcoin: "simulated worlds",
};
