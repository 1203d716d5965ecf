import Model
import Text

extension JSONWriter {
  /// Writes a handshake as the service does: members in the model's order, absent rather than null.
  /// What could not be read is written as it stood, where the damage kept it.
  public mutating func handshake(_ handshake: Handshake) {
    var source = KeptSource(handshake.damage)
    if let whole = source.text(at: "") { return value(jsonSource: whole) }
    beginObject()
    member("Id", handshake.id?.text, &source)
    member("Arn", handshake.arn?.text, &source)
    parties(handshake, &source)
    member("State", handshake.state, &source)
    member("RequestedTimestamp", handshake.requested, &source)
    member("ExpirationTimestamp", handshake.expires, &source)
    member("Action", handshake.action, &source)
    resources(handshake, &source)
    misspelt(in: "", &source)
    endObject()
  }

  /// AWS JSON 1.1's timestamp, or the AWS CLI's.
  public mutating func time(_ time: Timestamp) {
    guard style.times == .epoch else { return plain(time.awsCLIText) }
    verbatim(JSONNumber(epochSeconds: time).text.utf8)
  }

  private mutating func parties(_ handshake: Handshake, _ source: inout KeptSource) {
    if kept("Parties", at: "Parties", &source) { return }
    if handshake.parties.isEmpty, source.isMissing("Parties") { return }
    key("Parties")
    beginArray()
    var index = 0
    for party in handshake.parties {
      keptElements(of: "Parties", from: &index, &source)
      element()
      let place = source.isEmpty ? "" : "Parties[\(index)]"
      beginObject()
      if !source.isMissing(place + ".Id") { kept("Id", at: place + ".Id", &source, or: party.id) }
      if !source.isMissing(place + ".Type") {
        if !kept("Type", at: place + ".Type", &source) {
          key("Type")
          name(party.type)
        }
      }
      misspelt(in: place, &source)
      endObject()
      index += 1
    }
    keptElements(of: "Parties", from: &index, &source)
    endArray()
  }
}

// MARK: Members

extension JSONWriter {
  private mutating func member(_ name: StaticString, _ text: String?, _ source: inout KeptSource) {
    if kept(name, at: "\(name)", &source) { return }
    guard let text else { return }
    key(name)
    plain(text)
  }

  private mutating func member(
    _ name: StaticString, _ value: (some WireName)?, _ source: inout KeptSource
  ) {
    if kept(name, at: "\(name)", &source) { return }
    guard let value else { return }
    key(name)
    self.name(value)
  }

  private mutating func member(
    _ name: StaticString, _ value: Timestamp?, _ source: inout KeptSource
  ) {
    if kept(name, at: "\(name)", &source) { return }
    guard let value else { return }
    key(name)
    time(value)
  }

  /// The service's own name of a value.
  mutating func name(_ value: some WireName) {
    if let known = value.knownStaticName { plain(known) } else { string(value.wireName) }
  }

  /// Writes the member that damage kept at `place`, if it kept one.
  @discardableResult
  mutating func kept(
    _ name: StaticString, at place: @autoclosure () -> String, _ source: inout KeptSource
  ) -> Bool {
    guard !source.isEmpty else { return false }
    let texts = source.texts(at: place())
    for text in texts {
      key(name)
      value(jsonSource: text)
    }
    return !texts.isEmpty
  }

  mutating func kept(
    _ name: StaticString, at place: @autoclosure () -> String, _ source: inout KeptSource,
    or text: Untrusted
  ) {
    if kept(name, at: place(), &source) { return }
    key(name)
    string(text)
  }

  /// Writes the elements of a list that were of another type and stood before the next sound one.
  mutating func keptElements(of list: String, from index: inout Int, _ source: inout KeptSource) {
    guard !source.isEmpty else { return }
    while let text = source.text(at: "\(list)[\(index)]") {
      element()
      value(jsonSource: text)
      index += 1
    }
  }

  /// Writes the members of the structure at `place` whose names differ from ours in case.
  mutating func misspelt(in place: String, _ source: inout KeptSource) {
    for (name, text) in source.misspelt(in: place) {
      key(Untrusted(name))
      value(jsonSource: text)
    }
  }
}
