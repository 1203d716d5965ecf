import Model
import Text

/// A value's leaves, each with the way to it: what a person can compare line by line.
func leaves(of value: Any, at path: String = "") -> [(path: String, leaf: String)] {
  if let text = value as? Untrusted {
    return [(path, String(decoding: text.bytes, as: UTF8.self).debugDescription)]
  }
  if let instant = value as? Timestamp { return [(path, instant.journalText)] }
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional {
    return mirror.children.first.map { leaves(of: $0.value, at: path) } ?? [(path, "nil")]
  }
  if mirror.displayStyle == .enum, mirror.children.isEmpty || value is any WireName {
    return [(path, "\(value)")]
  }
  if mirror.children.isEmpty { return [(path, "\(value)")] }
  return mirror.children.enumerated().flatMap { index, child in
    leaves(of: child.value, at: path + "." + (child.label ?? "\(index)"))
  }
}

func readable(_ value: Any) -> String {
  leaves(of: value).map { "\($0.path)=\($0.leaf)" }.joined(separator: " ")
}

/// The leaves that only one of two values has.
func differing(_ left: Any, _ right: Any) -> (left: [String], right: [String]) {
  let (left, right) = (lines(left), lines(right))
  return (left.filter { !right.contains($0) }, right.filter { !left.contains($0) })
}

private func lines(_ value: Any) -> [String] { leaves(of: value).map { "\($0.path) = \($0.leaf)" } }
