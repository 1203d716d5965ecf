import Drawing
import Model
import Review
import Text

/// All that the interface knows. Changed by `update` alone, drawn by `view`.
public struct State: Equatable, Sendable {
  public internal(set) var launch: Launch
  public internal(set) var size: Size

  public init(_ launch: Launch) {
    self.launch = launch
    size = launch.size
  }

  /// When the shell should send `.ticked`, on the monotonic clock; nil when nothing on the screen
  /// changes with time.
  public var nextTick: Span? { nil }
}
