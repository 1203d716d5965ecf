import Model

/// Where a setting's value comes from.
enum Origin: Hashable, Sendable {
  case builtIn
  /// The configuration, at this line.
  case file(path: String, line: Int)
  case environment(String)
  case flag(String)
  /// The file `read-only` beside the configuration.
  case marker(path: String)
  /// The file could not be looked up for a reason other than that it is missing; it counts as present.
  case hiddenMarker(path: String, errno: Int32)

  func text(_ ink: Ink) -> String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): ink.full(path) + ":\(line)"
    case .environment(let name): name
    case .flag(let name): name
    case .marker(let path): ink.full(path)
    case .hiddenMarker(let path, let number):
      "\(ink.full(path)) cannot be checked: \(SystemError(number).words)"
    }
  }
}

/// A value and where it comes from.
struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
  var value: Value
  var origin: Origin

  init(_ value: Value, _ origin: Origin = .builtIn) {
    self.value = value
    self.origin = origin
  }
}
