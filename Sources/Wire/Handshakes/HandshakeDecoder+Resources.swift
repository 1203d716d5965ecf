import Model
import Text

extension HandshakeDecoder {
  /// A list of resources that is being read, with the resource in it that is.
  private struct Level {
    var done: [Resource] = []
    var isFirst = true
    var isOpen = false
    var object = OpenObject(.resource)
    var resource = Resource(type: .unknown(Untrusted("")), value: nil)
  }

  /// Reads a list of resources whose `[` is behind the cursor, with all below them, without
  /// recursion. What lies deeper than is kept is counted.
  mutating func resources() throws(JSONFault) -> [Resource] {
    var levels: [Level] = []
    levels.reserveCapacity(4)
    levels.append(Level())
    path.append(Step(list: "Resources", index: -1))
    while true {
      let top = levels.count - 1
      if !levels[top].isOpen {
        if try startElement(&levels[top]) { continue }
        let done = levels.removeLast().done
        path.removeLast()
        guard top > 0 else { return done }
        levels[top - 1].resource.resources = done
      } else if let index = try member(of: &levels[top].object) {
        if try readMember(index, of: &levels[top].resource, level: top) {
          levels.append(Level())
          path.append(Step(list: "Resources", index: -1))
        }
      } else {
        close(&levels[top])
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
    level.object = OpenObject(.resource)
    level.resource = Resource(type: .unknown(Untrusted("")), value: nil)
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

  private mutating func close(_ level: inout Level) {
    if !level.object.isPresent(1) { note(.missing, at: "Type") }
    level.done.append(level.resource)
    level.isOpen = false
  }
}
