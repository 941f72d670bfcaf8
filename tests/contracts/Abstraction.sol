// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// An account of ERC-4337 as far as money goes: it pays its prefund, and what it is told to.
contract Account {
    receive() external payable {}

    function prefund(uint256 amount) external {
        (bool paid, ) = msg.sender.call{value: amount}("");
        require(paid);
    }

    function execute(address payable to, uint256 amount) external {
        (bool paid, ) = to.call{value: amount}("");
        require(paid);
    }
}

/// An EntryPoint as far as money and events go: who pays for the gas, who is paid for it, whose deposits it holds.
contract EntryPoint {
    mapping(address => uint256) public deposits;

    event UserOperationEvent(
        bytes32 indexed userOpHash,
        address indexed sender,
        address indexed paymaster,
        uint256 nonce,
        bool success,
        uint256 actualGasCost,
        uint256 actualGasUsed
    );
    event Deposited(address indexed account, uint256 totalDeposit);
    event Withdrawn(address indexed account, address withdrawAddress, uint256 amount);

    receive() external payable {
        depositTo(msg.sender);
    }

    function depositTo(address account) public payable {
        deposits[account] += msg.value;
        emit Deposited(account, deposits[account]);
    }

    function withdrawTo(address payable to, uint256 amount) external {
        deposits[msg.sender] -= amount;
        emit Withdrawn(msg.sender, to, amount);
        to.transfer(amount);
    }

    function handle(
        Account sender,
        address paymaster,
        uint256 funds,
        uint256 cost,
        address payable to,
        uint256 amount,
        address payable beneficiary
    ) external {
        if (paymaster == address(0)) sender.prefund(funds);
        sender.execute(to, amount);
        deposits[paymaster == address(0) ? address(sender) : paymaster] -= cost;
        emit UserOperationEvent(keccak256(abi.encode(sender, amount)), address(sender), paymaster, 0, true, cost, 1);
        beneficiary.transfer(cost);
    }
}

/// Takes whatever comes to an account that lets it act: as code of EIP-7702 it has no storage of its own.
contract Sweeper {
    address payable private immutable receiver;

    constructor(address payable to) {
        receiver = to;
    }

    receive() external payable {
        (bool paid, ) = receiver.call{value: msg.value}("");
        require(paid);
    }
}
