import Text

/// What is wrong with a record that was read all the same. A damaged handshake is shown and marked;
/// it cannot be accepted (SEC-3.5).
public struct Damage: Hashable, Sendable {
  public var fault: Fault
  /// Where: `ExpirationTimestamp`, `Parties[1].Id`. ASCII, made by us.
  public var place: String
  /// What stood there, as JSON (a string with its quotes and escapes), where it is needed to write
  /// the record back as it was.
  public var text: Untrusted?

  public init(_ fault: Fault, at place: String, text: Untrusted? = nil) {
    self.fault = fault
    self.place = place
    self.text = text
  }

  public enum Fault: String, Hashable, CaseIterable, Sendable {
    /// A member that every handshake has is not there.
    case missing
    /// The value does not match the pattern of its kind (an id, an ARN, a time).
    case malformed
    /// The text stops being JSON here; what was read before it is kept.
    case broken
    /// A value of another JSON type.
    case wrongType
    /// A member whose name has another case than the service's (`id`): another reader takes it.
    case misspelt
    /// One object has this key twice: which one counts differs from reader to reader, so none does.
    case duplicateKey
    /// A resource tree deeper than is kept; the rest was counted.
    case tooDeep
    /// Two records carry this id.
    case duplicateID
    /// The members contradict each other (the ARN's id is not the id, say).
    case contradiction
  }
}

extension Damage.Fault {
  /// Whether another reader may read something else out of the same record.
  public var isAmbiguous: Bool {
    switch self {
    case .broken, .misspelt, .duplicateKey, .duplicateID, .contradiction: true
    case .missing, .malformed, .wrongType, .tooDeep: false
    }
  }
}

extension Handshake {
  /// Whether the record says two things at once. Nothing that it says is proof of anything: neither
  /// who sent it nor what became of an answer.
  public var isAmbiguous: Bool { damage.contains { $0.fault.isAmbiguous } }

  /// Notes as damage that the ARN is of another partition than the one that was asked.
  public mutating func check(partition: String) {
    guard let arn, !arn.isIn(partition: partition) else { return }
    let found = Damage(.contradiction, at: "Arn")
    if !damage.contains(found) { damage.append(found) }
  }
}
