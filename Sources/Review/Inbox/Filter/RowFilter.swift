import Model
import Text

/// What the operator wants to see: terms that must all hold.
///
///     org:acme account:2222 state:pending expires:<3d trust:new "two words" word
public struct RowFilter: Hashable, Sendable {
  public var terms: [Term]

  public enum Term: Hashable, Sendable {
    /// Found in any text of the row; ASCII letters in either case.
    case word([UInt8])
    /// In the sender's organization id, management account or name, or in the trust list's name.
    case organization([UInt8])
    /// In the id, address or name of the account that is asked.
    case account([UInt8])
    /// In the name or id of a profile that sees it.
    case profile([UInt8])
    /// The state's name begins so.
    case state([UInt8])
    case pending
    /// In the action's name.
    case action([UInt8])
    case expires(Comparison, Span)
    /// As `TrustMark.passes`.
    case trust(TrustMark)
  }

  public enum Comparison: Hashable, Sendable {
    /// At most so much time is left.
    case within
    /// More than that.
    case beyond
  }

  /// Shows everything.
  public static let none = RowFilter(terms: [])

  public init(terms: [Term]) {
    self.terms = terms
  }

  public var isEmpty: Bool { terms.isEmpty }

  /// Why a filter was not understood; `Explanation` has the words.
  public enum Problem: Error, Hashable, Sendable {
    case unknownKey(Untrusted)
    case emptyValue(key: String)
    case notAState(Untrusted)
    case notATrust(Untrusted)
    case notAnExpiry(Untrusted)
    case openQuote
  }
}
