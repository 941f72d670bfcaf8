import { type Contract, ContractFactory, type InterfaceAbi, type JsonRpcProvider, parseEther, type Signer } from "ethers";
import { compileScenario } from "./anvil.js";

/** Whose account is which of the node's. */
export const PEOPLE = { DEPLOYER: 0, VICTIM: 1, THIEF: 2, HOP: 3, FIRST: 4, SECOND: 5, FENCE: 6 } as const;

/** What the scenario did, by its own books. */
export interface Theft {
	readonly signers: readonly Signer[];
	/** Address of a person, lower-case. */
	readonly address: (person: number) => Promise<string>;
	readonly done: { thefts: string[]; fees: bigint; token: string; splitter: string; shop: string; reverted: string };
}

/** Plays a theft: straight transfers, a contract that splits, an exchange into a token, a failure, a token transfer. */
export async function playTheft(provider: JsonRpcProvider): Promise<Theft> {
	const { DEPLOYER, VICTIM, THIEF, HOP, FIRST, SECOND, FENCE } = PEOPLE;
	const signers = await Promise.all(Array.from({ length: 10 }, (_, i) => provider.getSigner(i)));
	const address = async (n: number) => (await (signers[n] as Signer).getAddress()).toLowerCase();
	const { Token, Splitter, Shop } = compileScenario();
	const deploy = async (c: { abi: unknown[]; bytecode: string }, ...args: unknown[]) => {
		const contract = await new ContractFactory(c.abi as InterfaceAbi, c.bytecode, signers[DEPLOYER] as Signer).deploy(...args);
		await contract.waitForDeployment();
		return contract as Contract;
	};
	const token = await deploy(Token, 1_000_000_000_000n);
	const splitter = await deploy(Splitter);
	const shop = await deploy(Shop, await token.getAddress());
	await (
		await (token.connect(signers[DEPLOYER] as Signer) as Contract).getFunction("transfer")(await shop.getAddress(), 500_000_000_000n)
	).wait();
	const done: Theft["done"] = {
		thefts: [],
		fees: 0n,
		token: (await token.getAddress()).toLowerCase(),
		splitter: (await splitter.getAddress()).toLowerCase(),
		shop: (await shop.getAddress()).toLowerCase(),
		reverted: "",
	};
	const pay = async (from: number, to: string, value: bigint) => {
		const receipt = await (await (signers[from] as Signer).sendTransaction({ to, value })).wait();
		if (from === THIEF || from === HOP) done.fees += receipt?.fee ?? 0n;
		return receipt?.hash ?? "";
	};
	const call = async (from: number, contract: Contract, name: string, args: unknown[], value: bigint) => {
		const receipt = await (await (contract.connect(signers[from] as Signer) as Contract).getFunction(name)(...args, { value })).wait();
		done.fees += receipt?.fee ?? 0n;
	};
	// A fresh thief has nothing but what it steals and the gas it was given before.
	done.thefts.push(await pay(VICTIM, await address(THIEF), parseEther("10")));
	await pay(THIEF, await address(HOP), parseEther("9"));
	await call(HOP, splitter, "split", [await address(FIRST), await address(SECOND)], parseEther("3"));
	await call(HOP, shop, "buy", [], parseEther("2"));
	const odd = { to: done.shop, data: shop.interface.encodeFunctionData("buy"), value: 3n, gasLimit: 200_000n };
	const failed = await (signers[HOP] as Signer).sendTransaction(odd);
	const receipt = await failed.wait().catch(() => provider.getTransactionReceipt(failed.hash));
	if (receipt?.status !== 0) throw new Error("the shop took an odd amount");
	done.fees += receipt.fee;
	done.reverted = failed.hash;
	await call(HOP, token, "transfer", [await address(FENCE), 150_000_000n], 0n);
	return { signers, address, done };
}
