import Text

/// One element of the XML that the Query protocol's replies are made of.
///
/// Strict and small: elements, attributes (which are passed over) and text with the five named
/// entities and numeric ones. No document type, no processing instruction, no CDATA, no comment.
public struct XMLElement: Hashable, Sendable {
  /// Without its prefix.
  public var name: Untrusted
  /// Of an element without children; white space around it is kept.
  public var text: Untrusted
  public var children: [XMLElement]

  /// What it was refused for, and where.
  public struct Fault: Error, Hashable, Sendable {
    public var reason: Reason
    /// In bytes.
    public var offset: Int
  }

  public enum Reason: String, Hashable, CaseIterable, Sendable {
    case malformed
    case unsupported
    case tooDeep
    case tooLong
  }

  static let depthTaken = 16
  static let lengthTaken = 1 << 20

  /// Reads one whole document.
  public static func read(_ bytes: [UInt8]) throws(Fault) -> XMLElement {
    guard bytes.count <= lengthTaken else { throw Fault(reason: .tooLong, offset: lengthTaken) }
    var reader = XMLReader(bytes)
    return try reader.document()
  }

  /// Whether an element anywhere in it has two children of one name, other than the `member`s that the
  /// Query protocol's lists consist of.
  var repeatsAnElement: Bool {
    var names: Set<Untrusted> = []
    for child in children where child.name != Untrusted("member") {
      guard names.insert(child.name).inserted else { return true }
    }
    return children.contains(where: \.repeatsAnElement)
  }

  /// The first child of this name.
  public subscript(_ name: String) -> XMLElement? {
    children.first { $0.name == Untrusted(name) }
  }
}

// Replies hold keys: nothing of one is shown by accident.
extension XMLElement: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "‹element›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
