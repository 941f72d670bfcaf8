object "Puppet" {
    code {
        datacopy(0, dataoffset("runtime"), datasize("runtime"))
        return(0, datasize("runtime"))
    }
    object "runtime" {
        code {
            let at := 0
            for {} lt(at, calldatasize()) {} {
                let step := byte(0, calldataload(at))
                at := add(at, 1)
                if eq(step, 0) {
                    let target := shr(96, calldataload(at))
                    let value := calldataload(add(at, 20))
                    let size := shr(224, calldataload(add(at, 52)))
                    at := add(at, 56)
                    calldatacopy(0, at, size)
                    at := add(at, size)
                    if iszero(call(gas(), target, value, 0, size, 0, 0)) { revert(0, 0) }
                    continue
                }
                let topics := at
                at := add(at, mul(step, 32))
                let size := shr(224, calldataload(at))
                at := add(at, 4)
                calldatacopy(0, at, size)
                at := add(at, size)
                let first := calldataload(topics)
                let second := calldataload(add(topics, 32))
                let third := calldataload(add(topics, 64))
                let fourth := calldataload(add(topics, 96))
                switch step
                case 1 { log1(0, size, first) }
                case 2 { log2(0, size, first, second) }
                case 3 { log3(0, size, first, second, third) }
                default { log4(0, size, first, second, third, fourth) }
            }
        }
    }
}
