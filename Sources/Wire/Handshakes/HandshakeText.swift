import Model

extension Handshake {
  /// The handshake as one JSON value, without a line's end.
  public func json(_ style: JSONStyle) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.handshake(self)
    return writer.bytes
  }

  /// `{"Handshake": {…}}`, as the AWS CLI prints one; without a line's end.
  ///
  /// - Parameter members: Members of ours beside the AWS CLI's.
  public func document(
    _ style: JSONStyle, beside members: [(name: StaticString, value: JSONValue)] = []
  ) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.beginObject()
    writer.key("Handshake")
    writer.handshake(self)
    writer.members(members)
    writer.endObject()
    return writer.bytes
  }
}

extension Sequence<Handshake> {
  /// `{"Handshakes": […]}`, as the AWS CLI prints all pages of a listing; without a line's end.
  ///
  /// - Parameter members: Members of ours beside the AWS CLI's.
  public func document(
    _ style: JSONStyle, beside members: [(name: StaticString, value: JSONValue)] = []
  ) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.beginObject()
    writer.key("Handshakes")
    writer.beginArray()
    for handshake in self {
      writer.element()
      writer.handshake(handshake)
    }
    writer.endArray()
    writer.members(members)
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func members(_ members: [(name: StaticString, value: JSONValue)]) {
    for member in members {
      key(member.name)
      value(member.value)
    }
  }
}
