import Model
import Text

/// The members of a request's body, or of a structure in it. A member that is null is not there; one
/// of another type makes the request unreadable.
struct RequestInput {
  private let value: JSONValue

  private init(value: JSONValue) {
    self.value = value
  }

  init(body: [UInt8]) throws(RequestFault) {
    do throws(JSONFault) {
      // An empty body is sent by clients for operations without input.
      value = body.isEmpty ? .object([]) : try JSONValue.read(body)
    } catch {
      throw .unreadable
    }
    guard value.object != nil else { throw .unreadable }
  }

  func optional(_ name: String) throws(RequestFault) -> Untrusted? {
    guard let member = value[name] else { return nil }
    guard let text = member.string else { throw .unreadable }
    return text
  }

  func required(_ name: String) throws(RequestFault) -> Untrusted {
    guard let text = try optional(name) else { throw .missing(name) }
    return text
  }

  func integer(_ name: String) throws(RequestFault) -> Int? {
    guard let member = value[name] else { return nil }
    guard let number = member.number?.int else { throw .unreadable }
    return Int(clamping: number)
  }

  /// Seconds since 1970, with or without a fraction.
  func time(_ name: String) throws(RequestFault) -> Timestamp? {
    guard let member = value[name] else { return nil }
    guard let time = member.number?.epochSeconds else { throw .unreadable }
    return time
  }

  func structure(_ name: String) throws(RequestFault) -> RequestInput? {
    guard let member = value[name] else { return nil }
    guard member.object != nil else { throw .unreadable }
    return RequestInput(value: member)
  }

  /// The elements of a list of structures; empty when it is not there.
  func structures(_ name: String) throws(RequestFault) -> [RequestInput] {
    guard let member = value[name] else { return [] }
    guard let list = member.array, list.allSatisfy({ $0.object != nil }) else {
      throw .unreadable
    }
    return list.map { RequestInput(value: $0) }
  }
}
