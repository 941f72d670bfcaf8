/**
 * Measured by scripts/error-rates.ts: precision and recall in made-up worlds, whose truth is known. Written by that script; do not edit.
 */
export const ERROR_RATES: Readonly<
	Record<string, { readonly precision: string; readonly recall: string; readonly worlds: keyof typeof MEASURED_IN }>
> = {
	"deposit-address": { precision: "0.999", recall: "1.000", worlds: "accounts" },
	"deposit-address (leads)": { precision: "0.000", recall: "0.000", worlds: "accounts" },
	"custodial-service": { precision: "0.833", recall: "0.833", worlds: "accounts" },
	"custodial-service (leads)": { precision: "0.000", recall: "0.000", worlds: "accounts" },
	"hot-wallet": { precision: "1.000", recall: "0.800", worlds: "accounts" },
	"hot-wallet (leads)": { precision: "1.000", recall: "0.200", worlds: "accounts" },
	"cold-wallet": { precision: "1.000", recall: "0.733", worlds: "accounts" },
	"cold-wallet (leads)": { precision: "1.000", recall: "0.267", worlds: "accounts" },
	"mixer-pool": { precision: "1.000", recall: "1.000", worlds: "accounts" },
	"mixer-link": { precision: "0.159", recall: "0.306", worlds: "accounts" },
	"address-poisoning": { precision: "0.997", recall: "1.000", worlds: "accounts" },
	drainer: { precision: "1.000", recall: "1.000", worlds: "accounts" },
	airdrop: { precision: "1.000", recall: "1.000", worlds: "accounts" },
	"dex-pool": { precision: "1.000", recall: "1.000", worlds: "accounts" },
	bridge: { precision: "1.000", recall: "1.000", worlds: "accounts" },
	"passage over a bridge": { precision: "1.000", recall: "1.000", worlds: "accounts" },
	"co-spend": { precision: "0.976", recall: "0.425", worlds: "bitcoin" },
	"change:optimal": { precision: "1.000", recall: "0.129", worlds: "bitcoin" },
	"change:address-type": { precision: "0.973", recall: "0.469", worlds: "bitcoin" },
	"change:locktime": { precision: "0.938", recall: "0.284", worlds: "bitcoin" },
	"change:fingerprint": { precision: "0.955", recall: "0.444", worlds: "bitcoin" },
	"change:power-of-ten": { precision: "1.000", recall: "0.232", worlds: "bitcoin" },
	"change:peeling-chain": { precision: "0.898", recall: "0.220", worlds: "bitcoin" },
	"change:address-reuse": { precision: "1.000", recall: "0.116", worlds: "bitcoin" },
	"change:fresh-address": { precision: "0.783", recall: "0.245", worlds: "bitcoin" },
	"change:one-time": { precision: "0.966", recall: "0.538", worlds: "bitcoin" },
	coinjoin: { precision: "0.884", recall: "1.000", worlds: "bitcoin" },
	"whirlpool-mix": { precision: "1.000", recall: "1.000", worlds: "bitcoin" },
	"whirlpool-tx0": { precision: "1.000", recall: "0.998", worlds: "bitcoin" },
	"wasabi-1.0": { precision: "1.000", recall: "0.991", worlds: "bitcoin" },
	"wasabi-1.1": { precision: "0.970", recall: "0.901", worlds: "bitcoin" },
	"wasabi-2": { precision: "0.915", recall: "1.000", worlds: "bitcoin" },
	joinmarket: { precision: "0.562", recall: "1.000", worlds: "bitcoin" },
	"equal-output": { precision: "0.612", recall: "1.000", worlds: "bitcoin" },
	"payjoin-possible": { precision: "0.040", recall: "0.625", worlds: "bitcoin" },
	"pairs by co-spend": { precision: "0.999", recall: "0.041", worlds: "bitcoin" },
	"pairs by co-spend,change:optimal": { precision: "0.998", recall: "0.043", worlds: "bitcoin" },
	"pairs by co-spend,change:address-type": { precision: "0.811", recall: "0.047", worlds: "bitcoin" },
	"pairs by co-spend,change:locktime": { precision: "0.852", recall: "0.044", worlds: "bitcoin" },
	"pairs by co-spend,change:fingerprint": { precision: "0.868", recall: "0.047", worlds: "bitcoin" },
	"pairs by co-spend,change:power-of-ten": { precision: "0.999", recall: "0.043", worlds: "bitcoin" },
	"pairs by co-spend,change:peeling-chain": { precision: "0.978", recall: "0.042", worlds: "bitcoin" },
	"pairs by co-spend,change:address-reuse": { precision: "0.999", recall: "0.041", worlds: "bitcoin" },
	"pairs by co-spend,change:fresh-address": { precision: "0.067", recall: "0.045", worlds: "bitcoin" },
	"pairs by co-spend,change:one-time": { precision: "0.348", recall: "0.051", worlds: "bitcoin" },
};

/** Where the figures come from, by kind of world. */
export const MEASURED_IN = {
	accounts: "simulated worlds 1, 2, 3, 60000 transfers each (clew evaluate); the real chain is harder",
	bitcoin: "simulated worlds 1, 2, 3, 20000 transactions each (clew evaluate); the real chain is harder",
};
