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
  /// - Parameter member: A member of ours beside the AWS CLI's; nil for none.
  public func document(
    _ style: JSONStyle, beside member: (name: StaticString, value: JSONValue)? = nil
  ) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.beginObject()
    writer.key("Handshake")
    writer.handshake(self)
    writer.member(member)
    writer.endObject()
    return writer.bytes
  }
}

extension Sequence<Handshake> {
  /// `{"Handshakes": […]}`, as the AWS CLI prints all pages of a listing; without a line's end.
  ///
  /// - Parameter member: A member of ours beside the AWS CLI's; nil for none.
  public func document(
    _ style: JSONStyle, beside member: (name: StaticString, value: JSONValue)? = nil
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
    writer.member(member)
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ member: (name: StaticString, value: JSONValue)?) {
    guard let member else { return }
    key(member.name)
    value(member.value)
  }
}
