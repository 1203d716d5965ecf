import Model
import Text

extension JSONWriter {
  /// A list of resources that is being written.
  private struct Level {
    let list: [Resource]
    let place: String
    var next = 0
    /// Where the next element stood in its list: further on than `next` when others were dropped.
    var index = 0
  }

  /// Writes the member `Resources` of a handshake with all below it, without recursion.
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

  /// - Returns: whether a list of further resources was begun.
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
