import Model
import Text

extension Handshake {
  /// Returns the handshake as one JSON value, without a newline at its end.
  public func json(_ style: JSONStyle) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.handshake(self)
    return writer.bytes
  }

  /// Returns `{"Handshake": {…}}`, as the AWS CLI prints one, without a newline at its end.
  ///
  /// - Parameters:
  ///   - style: The layout, escapes and form of times.
  ///   - members: This program's own members, which follow the AWS CLI's.
  /// - Returns: The JSON in UTF-8.
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
  /// Returns `{"Handshakes": […]}`, as the AWS CLI prints all pages of a listing, without a
  /// newline.
  ///
  /// - Parameters:
  ///   - style: The layout, escapes and form of times.
  ///   - members: This program's own members, which follow the AWS CLI's.
  /// - Returns: The JSON in UTF-8.
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

extension JSONWriter {
  /// Writes a handshake as the service does: members in the model's order, and absent rather than
  /// null.
  ///
  /// Members that could not be read are written as they were received, where the damage kept them.
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

  /// Writes a time in the style's form: seconds since 1970, or the AWS CLI's text.
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

  /// Writes the service's name of a value.
  mutating func name(_ value: some WireName) {
    if let known = value.knownStaticName { plain(known) } else { string(value.wireName) }
  }

  /// Writes the member that damage kept at `place`, and returns whether it kept one.
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

  /// Writes the member that damage kept at `place`, or otherwise `text`.
  mutating func kept(
    _ name: StaticString, at place: @autoclosure () -> String, _ source: inout KeptSource,
    or text: Untrusted
  ) {
    if kept(name, at: place(), &source) { return }
    key(name)
    string(text)
  }

  /// Writes the kept elements of a list that precede the next element that could be read.
  mutating func keptElements(of list: String, from index: inout Int, _ source: inout KeptSource) {
    guard !source.isEmpty else { return }
    while let text = source.text(at: "\(list)[\(index)]") {
      element()
      value(jsonSource: text)
      index += 1
    }
  }

  /// Writes the members of the structure at `place` whose names differ from the service's in case.
  mutating func misspelt(in place: String, _ source: inout KeptSource) {
    for (name, text) in source.misspelt(in: place) {
      key(Untrusted(name))
      value(jsonSource: text)
    }
  }
}

extension JSONWriter {
  /// A list of resources that is being written.
  private struct Level {
    let list: [Resource]
    let place: String
    var next = 0
    /// The index of the next element in the list as received.
    ///
    /// It is ahead of `next` when elements before it were of another type.
    var index = 0
  }

  /// Writes the member `Resources` of a handshake with all lists below it, without recursion.
  mutating func resources(_ handshake: Handshake, _ source: inout KeptSource) {
    if kept("Resources", at: "Resources", &source) { return }
    if handshake.resources.isEmpty, source.isMissing("Resources") { return }
    key("Resources")
    beginArray()
    var levels = [Level(list: handshake.resources, place: "Resources")]
    while let top = levels.indices.last {
      let place = levels[top].place
      keptElements(of: place, from: &levels[top].index, &source)
      guard levels[top].next < levels[top].list.count else {
        endArray()
        levels.removeLast()
        if let parent = levels.last { closeResource(parent, &source) }
        continue
      }
      let resource = levels[top].list[levels[top].next]
      let own = source.isEmpty ? "" : "\(place)[\(levels[top].index)]"
      levels[top].next += 1
      levels[top].index += 1
      if openResource(resource, at: own, &source) {
        levels.append(Level(list: resource.resources, place: own + ".Resources"))
      } else {
        closeResource(levels[top], &source)
      }
    }
  }

  /// Begins a resource and returns whether a list of further resources was begun in it.
  private mutating func openResource(
    _ resource: Resource, at place: String, _ source: inout KeptSource
  ) -> Bool {
    element()
    beginObject()
    if !kept("Value", at: place + ".Value", &source), let value = resource.value {
      key("Value")
      string(value)
    }
    if !kept("Type", at: place + ".Type", &source), !source.isMissing(place + ".Type") {
      key("Type")
      name(resource.type)
    }
    if kept("Resources", at: place + ".Resources", &source) || resource.resources.isEmpty {
      return false
    }
    key("Resources")
    beginArray()
    return true
  }

  /// Ends the resource before the level's next one.
  private mutating func closeResource(_ level: Level, _ source: inout KeptSource) {
    if !source.isEmpty { misspelt(in: "\(level.place)[\(level.index - 1)]", &source) }
    endObject()
  }
}

/// The parts of a damaged record that are written back as they were received, by their place.
struct KeptSource {
  /// The JSON at each place; more than one when a member occurred more than once.
  private var texts: [String: [Untrusted]] = [:]
  private var missing: Set<String> = []
  private var misspelt: [String: [(name: String, text: Untrusted)]] = [:]
  private var repeated: Set<String> = []
  /// Whether nothing is damaged: the common case, in which no place has to be formatted.
  let isEmpty: Bool

  init(_ damage: [Damage]) {
    isEmpty = damage.isEmpty
    for one in damage {
      switch (one.fault, one.text) {
      case (.missing, _): missing.insert(one.place)
      case (.misspelt, .some(let text)):
        let dot = one.place.utf8.lastIndex(of: UInt8(ascii: "."))
        let parent = dot.map { String(one.place[..<$0]) } ?? ""
        let name = dot.map { String(one.place[one.place.utf8.index(after: $0)...]) }
        misspelt[parent, default: []].append((name ?? one.place, text))
      // One member may be noted for two faults, and its value is kept with each.
      case (.duplicateKey, .some(let text)):
        if !repeated.contains(one.place) { texts[one.place] = nil }
        repeated.insert(one.place)
        texts[one.place, default: []].append(text)
      case (_, .some(let text)):
        if !repeated.contains(one.place) { texts[one.place] = [text] }
      case (_, nil): break
      }
    }
  }

  /// Returns the first value kept at a place; nil when none was kept.
  func text(at place: String) -> Untrusted? { isEmpty ? nil : texts[place]?.first }

  /// Returns all values kept at a place.
  func texts(at place: String) -> [Untrusted] { isEmpty ? [] : texts[place] ?? [] }

  /// Returns whether the member at a place was absent.
  func isMissing(_ place: @autoclosure () -> String) -> Bool {
    !isEmpty && missing.contains(place())
  }

  /// Returns the members of the structure at a place whose names differ from the service's in case.
  func misspelt(in place: String) -> [(name: String, text: Untrusted)] {
    isEmpty ? [] : misspelt[place] ?? []
  }
}
