/// What rows are sorted by. Ties are broken by expiry, then by id.
public struct RowOrder: Hashable, Sendable {
  public var field: Field
  public var isDescending: Bool

  public enum Field: String, Hashable, CaseIterable, Sendable {
    case expires
    case sent
    case org
    case account
    case state
    case action
    case id
    /// Look-alikes first, then what is not trusted.
    case trust
  }

  public init(_ field: Field, descending: Bool = false) {
    self.field = field
    isDescending = descending
  }

  /// What needs an answer first comes first.
  public static let standard = RowOrder(.expires)

  /// Reads `expires` or `-expires`; nil for a field there is not.
  public init?(_ text: some StringProtocol) {
    let isDescending = text.utf8.first == UInt8(ascii: "-")
    guard let field = Field(rawValue: String(isDescending ? text.dropFirst() : text[...])) else {
      return nil
    }
    self.init(field, descending: isDescending)
  }

  /// As the command line writes it.
  public var text: String { (isDescending ? "-" : "") + field.rawValue }
}
