/** A function by which a caller lets somebody else act for it, or hands over who decides. */
export interface Handing {
	/** As Solidity has it, names left out. */
	readonly signature: string;
	/** The standard or contract that has it. */
	readonly source: string;
	/** `control`: somebody else decides from now on; `operator`: somebody may take or act as well; `back`: what was given is taken back. */
	readonly hands: "control" | "operator" | "back";
	/** What is handed over, as it stands behind "hands over" or "lets them". */
	readonly what: string;
	/** Which argument is who gets it; undefined: none is named. */
	readonly taker?: number;
	/** The argument which, false or 0, takes it back. */
	readonly given?: number;
	/** It calls the taker, too. */
	readonly calls?: true;
}

const control = (signature: string, source: string, what: string, taker?: number): Handing => ({
	...{ signature, source, what, hands: "control" },
	...(taker === undefined ? {} : { taker }),
});
const operator = (signature: string, source: string, what: string, taker: number, given?: number): Handing => ({
	...{ signature, source, what, taker, hands: "operator" },
	...(given === undefined ? {} : { given }),
});
const back = (signature: string, source: string, what: string, taker: number): Handing => ({
	signature,
	source,
	what,
	taker,
	hands: "back",
});

const SAFE = "Safe, OwnerManager, ModuleManager, GuardManager and FallbackManager";
const DS = "DappHub ds-auth, ds-proxy";

/** Functions that hand something over, beside those of tokens that every wallet knows. */
export const HANDINGS: readonly Handing[] = [
	control("addOwnerWithThreshold(address,uint256)", SAFE, "a right to sign for the account", 0),
	control("swapOwner(address,address,address)", SAFE, "the place of one who signs for the account", 2),
	control("removeOwner(address,address,uint256)", SAFE, "the account to those who are left"),
	control("changeThreshold(uint256)", SAFE, "the account to another number of those who sign"),
	control("enableModule(address)", SAFE, "the account without any signature", 0),
	control("setGuard(address)", SAFE, "which transactions the account may make", 0),
	control("setModuleGuard(address)", SAFE, "which transactions modules of the account may make", 0),
	control("setFallbackHandler(address)", SAFE, "what the account answers, and what it signs", 0),
	control("installModule(uint256,address,bytes)", "ERC-7579", "the account, as far as a module goes", 1),
	control("transferOwnership(address)", "EIP-173", "the contract", 0),
	control("renounceOwnership()", "OpenZeppelin Ownable", "the contract to nobody"),
	control("grantRole(bytes32,address)", "OpenZeppelin AccessControl", "a role in the contract", 1),
	control("setOwner(address)", DS, "the account or contract", 0),
	control("setAuthority(address)", DS, "who may call the account or contract", 0),
	control("changeAdmin(address)", "OpenZeppelin TransparentUpgradeableProxy", "the contract's code", 0),
	control("upgradeTo(address)", "EIP-1967 proxies, ERC-1822", "what the contract does", 0),
	control("upgradeToAndCall(address,bytes)", "EIP-1967 proxies, ERC-1822", "what the contract does", 0),
	operator("authorizeOperator(address)", "ERC-777", "send and burn your tokens", 0),
	operator("setOperator(address,bool)", "ERC-6909", "take all your tokens there", 0, 1),
	operator("approve(address,uint256,uint256)", "ERC-6909", "take tokens of one kind", 0, 2),
	operator("approveDelegation(address,uint256)", "Aave debt tokens", "borrow what you then owe", 0, 1),
	operator("setAuthorization(address,bool)", "Morpho Blue", "take and borrow for you", 0, 1),
	operator("hope(address)", "Sky (Maker) Vat", "move what you have there", 0),
	operator("cdpAllow(uint256,address,uint256)", "Sky (Maker) DssCdpManager", "act for your vault", 1, 2),
	operator("urnAllow(address,uint256)", "Sky (Maker) DssCdpManager", "act for your vault", 0, 1),
	operator("setAccountOperator(address,address,bool)", "Euler Ethereum Vault Connector", "act for your account there", 1, 2),
	operator("setOperator(bytes19,address,uint256)", "Euler Ethereum Vault Connector", "act for your accounts there", 1, 2),
	operator("allow(address,bool)", "Compound III (Comet)", "take and borrow for you", 0, 1),
	{ ...operator("approveAndCall(address,uint256)", "ERC-1363", "take your tokens", 0, 1), calls: true },
	{ ...operator("approveAndCall(address,uint256,bytes)", "ERC-1363", "take your tokens", 0, 1), calls: true },
	back("revokeOperator(address)", "ERC-777", "send and burn your tokens", 0),
	back("disableModule(address,address)", SAFE, "act for the account without a signature", 1),
	back("nope(address)", "Sky (Maker) Vat", "move what you have there", 0),
	back("decreaseAllowance(address,uint256)", "OpenZeppelin ERC20", "take your tokens", 0),
	back("decreaseApproval(address,uint256)", "OpenZeppelin StandardToken", "take your tokens", 0),
];
