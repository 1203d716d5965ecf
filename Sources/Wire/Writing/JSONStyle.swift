/// How JSON is written. Every style writes the same value; they differ in layout, in which
/// characters are escaped, and in how a handshake's times are told.
public struct JSONStyle: Hashable, Sendable {
  public var layout: Layout
  public var escapes: Escapes
  public var times: Times

  public init(_ layout: Layout, _ escapes: Escapes, times: Times = .iso8601) {
    self.layout = layout
    self.escapes = escapes
    self.times = times
  }

  public enum Layout: Hashable, Sendable {
    /// No space at all.
    case compact
    /// One member a line, four spaces a level.
    case indented
  }

  public enum Escapes: Hashable, Sendable {
    /// What JSON demands: quote, backslash and C0.
    case needed
    /// Also what acts on a terminal or is not seen where it stands: DEL, C1, the bidirectional
    /// controls and all other format characters, tags and selectors, spaces that are not U+0020,
    /// private use and what Unicode does not know.
    case safe
    /// Everything outside printable ASCII.
    case ascii
  }

  public enum Times: Hashable, Sendable {
    /// Seconds since 1970, with milliseconds where there are any: the wire's form.
    case epoch
    /// As AWS CLI v2 prints them, in UTC.
    case iso8601
  }

  /// AWS JSON 1.1.
  public static let wire = JSONStyle(.compact, .needed, times: .epoch)
  /// What `aws … --output json` of CLI v2 prints, for a file or a pipe.
  public static let document = JSONStyle(.indented, .safe)
  /// The same for a terminal.
  public static let terminal = JSONStyle(.indented, .ascii)
  /// One document a line, for a file or a pipe.
  public static let line = JSONStyle(.compact, .safe)
  /// The same for a terminal.
  public static let terminalLine = JSONStyle(.compact, .ascii)
}
