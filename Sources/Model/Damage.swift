import Text

/// A defect of a record that was read nevertheless.
///
/// A damaged handshake is shown and marked, and cannot be answered (SEC-3.5).
public struct Damage: Hashable, Sendable {
  /// The kind of defect.
  public var fault: Fault
  /// The path of the damaged member, such as `ExpirationTimestamp` or `Parties[1].Id`.
  ///
  /// It is ASCII, and written by this program.
  public var place: String
  /// The value found there as JSON, a string with its quotes and escapes.
  ///
  /// It is kept where it is needed to write the record back unchanged.
  public var text: Untrusted?

  /// Creates a defect of the member at the path `place`.
  public init(_ fault: Fault, at place: String, text: Untrusted? = nil) {
    self.fault = fault
    self.place = place
    self.text = text
  }

  /// The kind of a defect (SEC-3.6).
  public enum Fault: String, Hashable, CaseIterable, Sendable {
    /// A member that every handshake has is missing.
    case missing
    /// The value does not match the pattern of its kind (an id, an ARN, a time).
    case malformed
    /// The JSON is invalid from here on; what was read before it is kept.
    case broken
    /// The value has another JSON type than expected.
    case wrongType
    /// A member's name differs in case from the service's (`id`); another reader may accept it.
    case misspelt
    /// An object has this key twice. Readers differ on which one counts, so neither does.
    case duplicateKey
    /// The resource tree is deeper than is kept; the rest was counted.
    case tooDeep
    /// Two records have this id.
    case duplicateID
    /// The members contradict each other, for example the id and the ARN's id.
    case contradiction
  }
}

extension Damage.Fault {
  /// Whether another reader may read different values from the same record.
  public var isAmbiguous: Bool {
    switch self {
    case .broken, .misspelt, .duplicateKey, .duplicateID, .contradiction: true
    case .missing, .malformed, .wrongType, .tooDeep: false
    }
  }
}

extension Handshake {
  /// Whether the record can be read in two ways.
  ///
  /// Such a record proves nothing: neither who sent it nor the outcome of an answer (SEC-3.9).
  public var isAmbiguous: Bool { damage.contains { $0.fault.isAmbiguous } }

  /// Adds a `.contradiction` at `Arn` if the ARN is of another partition than `partition`.
  ///
  /// `partition` is that of the service that was asked (DOM-1.5). Nothing is added twice.
  public mutating func check(partition: String) {
    guard let arn, !arn.isIn(partition: partition) else { return }
    let found = Damage(.contradiction, at: "Arn")
    if !damage.contains(found) { damage.append(found) }
  }
}
