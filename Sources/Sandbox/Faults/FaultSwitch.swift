import Model
import Synchronization

/// The faults that are switched on.
final class FaultSwitch: Sendable {
  private struct State {
    var rules: [FaultRule]
    var dice: Dice
  }

  private let state: Mutex<State>

  /// - Parameter seed: chooses when a fault with a probability strikes; the same again for the same
  ///   calls in the same order.
  init(_ rules: [FaultRule], seed: UInt64) {
    state = Mutex(State(rules: rules, dice: Dice(state: seed)))
  }

  var rules: [FaultRule] { state.withLock { $0.rules } }

  func replace(_ rules: [FaultRule]) { state.withLock { $0.rules = rules } }
  func add(_ rules: [FaultRule]) { state.withLock { $0.rules += rules } }

  /// The service's clock's own error.
  var skew: Span {
    state.withLock { state in
      for rule in state.rules { if case .skew(let span) = rule.fault { return span } }
      return .zero
    }
  }

  /// The faults that strike this call, each kind once. Their counts go down.
  func strike(_ operation: Operation) -> Strike {
    state.withLock { state in
      var strike = Strike()
      for index in state.rules.indices {
        let rule = state.rules[index]
        guard rule.operation == nil || rule.operation == operation, rule.count != 0,
          strike.hasRoom(for: rule.fault, operation)
        else { continue }
        // Dice are thrown for uncertain faults only, so that adding a certain one changes no run.
        if rule.probability < 1, state.dice.throwOnce() >= rule.probability { continue }
        strike.take(rule.fault)
        state.rules[index].count = rule.count.map { $0 - 1 }
      }
      state.rules.removeAll { $0.count == 0 }
      return strike
    }
  }
}

extension Operation {
  var isListing: Bool {
    switch self {
    case .listHandshakesForAccount, .listHandshakesForOrganization, .listAccounts,
      .listInboundResponsibilityTransfers, .listOutboundResponsibilityTransfers:
      true
    default: false
    }
  }

  /// Whether it changes anything when it is carried out.
  var isWriting: Bool {
    switch self {
    case .acceptHandshake, .declineHandshake, .cancelHandshake, .inviteAccountToOrganization,
      .enableAllFeatures, .inviteOrganizationToTransferResponsibility,
      .updateResponsibilityTransfer, .terminateResponsibilityTransfer, .leaveOrganization,
      .removeAccountFromOrganization, .createOrganization, .createAccount:
      true
    default: false
    }
  }
}

/// SplitMix64.
private struct Dice {
  var state: UInt64

  /// 0..<1
  mutating func throwOnce() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
  }
}
