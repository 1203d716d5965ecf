/// The one place where state changes.
public func update(_ state: inout State, _ message: Message) -> [Effect] {
  switch message {
  case .resized(let size):
    state.size = size
    return []
  default:
    return []
  }
}
