/** Every rule, in the order of every table. */
export const RULES = ["fifo", "lifo", "haircut", "poison", "libr", "tiho", "difo", "dilo"] as const;
export type Rule = (typeof RULES)[number];

/** Every rule but poison conserves value to the last unit. */
export const CONSERVING_RULES: readonly Rule[] = RULES.filter((rule) => rule !== "poison");

/**
 * Whose money a Bitcoin fee is. `last`: what the outputs leave of the inputs. `proportional`: a share of every input. `coinbase`: as
 * `last`, and it is followed into the block's coinbase, which takes the subsidy first and then the fees in transaction order.
 */
export const FEE_CONVENTIONS = ["last", "proportional", "coinbase"] as const;
export type FeeConvention = (typeof FEE_CONVENTIONS)[number];
