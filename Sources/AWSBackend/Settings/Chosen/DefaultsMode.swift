import Model

/// A set of time limits for where the program runs (`AWS_DEFAULTS_MODE`).
public enum DefaultsMode: String, Hashable, CaseIterable, Sendable {
  case standard
  case inRegion = "in-region"
  case crossRegion = "cross-region"
  case mobile
  /// Read as `standard`: finding out would ask the instance's metadata.
  case auto
  case legacy

  /// Of the connection, TLS included.
  public var connectTimeout: Span {
    switch self {
    case .standard, .crossRegion, .auto, .legacy: Span(milliseconds: 3_100)
    case .inRegion: Span(milliseconds: 1_100)
    case .mobile: Span(milliseconds: 30_000)
    }
  }
}
