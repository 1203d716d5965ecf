import Model
import Text

extension HandshakeDecoder {
  /// A list of resources that is being read, with the resource in it that is.
  private struct Level {
    var done: [Resource] = []
    var isFirst = true
    var isOpen = false
    var object = OpenObject(.resource, at: 0)
    var resource = Resource.blank
  }

  /// Reads a list of resources whose `[` is behind the cursor, with all below them, without
  /// recursion. What lies deeper than is kept is counted.
  mutating func resources() throws(JSONFault) -> [Resource] {
    var level = Level()
    var outer: [Level] = []
    path.append(Step(list: "Resources", index: -1))
    while true {
      if !level.isOpen {
        if try startElement(&level) { continue }
        path.removeLast()
        guard var parent = outer.popLast() else { return level.done }
        parent.resource.resources = level.done
        level = parent
      } else if let index = try member(of: &level.object) {
        if try readMember(index, of: &level.resource, level: outer.count) {
          outer.append(level)
          level = Level()
          path.append(Step(list: "Resources", index: -1))
        }
      } else {
        close(&level)
      }
    }
  }

  /// Steps to the next element of the list, and into it when it is an object; false at the end.
  private mutating func startElement(_ level: inout Level) throws(JSONFault) -> Bool {
    if level.isFirst {
      level.isFirst = false
      if try cursor.take(Byte.closeArray) { return false }
    } else if try !cursor.takeComma(or: Byte.closeArray) {
      return false
    }
    path[path.count - 1].index += 1
    guard try nextIsObject() else { return true }
    level.isOpen = true
    level.object = OpenObject(.resource, at: cursor.offset)
    return true
  }

  /// - Returns: true when the member is a list of resources that is to be read next.
  private mutating func readMember(
    _ index: Int, of resource: inout Resource, level: Int
  ) throws(JSONFault) -> Bool {
    switch index {
    case 0: resource.value = try string("Value")
    case 1:
      if let type: ResourceType = try name("Type") { resource.type = type }
    default:
      guard level + 1 < Resource.depthKept else {
        resource.deeper = try cursor.skipValue()
        if resource.deeper > 0 { note(.tooDeep, at: "Resources") }
        return false
      }
      return try nextIsArray("Resources")
    }
    return false
  }

  /// Takes back the members that came more than once.
  private func drop(_ doubtful: UInt16, of resource: inout Resource) {
    if doubtful & 1 != 0 { resource.value = nil }
    if doubtful & 2 != 0 { resource.type = Resource.blank.type }
    if doubtful & 4 != 0 {
      resource.resources = []
      resource.deeper = 0
    }
  }

  private mutating func close(_ level: inout Level) {
    if !level.object.isPresent(1) { note(.missing, at: "Type") }
    let doubtful = doubtful(in: level.object)
    if doubtful != 0 { drop(doubtful, of: &level.resource) }
    // Three stand in most lists.
    if level.done.isEmpty { level.done.reserveCapacity(3) }
    var resource = Resource.blank
    swap(&resource, &level.resource)
    level.done.append(resource)
    level.isOpen = false
  }
}

extension Resource {
  /// Nothing is known of it yet.
  fileprivate static var blank: Resource {
    Resource(type: .unknown(Untrusted(bytes: [])), value: nil)
  }
}
