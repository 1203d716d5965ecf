import Model

/// Why a failed attempt may be made again.
public enum RetryKind: Hashable, CaseIterable, Sendable {
  case transient
  /// The service asks for fewer requests.
  case throttling

  /// The wait before the first retry; it doubles with each further one.
  var base: Span {
    switch self {
    case .transient: Span(milliseconds: 50)
    case .throttling: .seconds(1)
    }
  }

  /// What a retry takes from the quota.
  var cost: Int {
    switch self {
    case .transient: 14
    case .throttling: 5
    }
  }
}
