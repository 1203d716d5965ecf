import Drawing
import Model

extension State {
  /// The formatter of values as the screens show them.
  var pen: Formatter { Formatter(charset: launch.charset, now: now, zone: launch.zone) }
}

extension Formatter {
  /// The line symbols of the character set.
  var lines: LineSet { LineSet.of(charset) }
}
