import Model
import Wire

/// What faults make of a reply.
enum Spoiling {
  /// The fault's own answer instead of the call; nil for a fault that strikes after it.
  static func instead(_ fault: Fault, _ error: (_ status: Int) -> ServerReply) -> Delivery? {
    switch fault {
    case .throttle: .whole(error(429))
    case .conflict: .whole(error(409))
    case .errorBefore(let status): .whole(error(status))
    case .lostBefore: .nothing
    case .htmlBefore(let status): .whole(page(status))
    default: nil
    }
  }

  /// The reply to a call that was carried out.
  static func spoil(
    _ reply: ServerReply, _ fault: Fault?, _ error: (_ status: Int) -> ServerReply
  ) -> Delivery {
    switch fault {
    case .errorAfter(let status): .whole(error(status))
    case .lost: .nothing
    case .reset: .reset
    case .truncated(let bytes):
      .cut(reply, bytes: min(bytes ?? reply.body.count / 2, reply.body.count))
    case .html(let status): .whole(page(status))
    case .trickle(let span): .trickled(reply, bytes: 1, every: .milliseconds(span.milliseconds))
    default: .whole(reply)
    }
  }

  /// What a proxy or a login portal puts in the service's place.
  private static func page(_ status: Int) -> ServerReply {
    ServerReply(
      status: status, fields: [("Content-Type", "text/html"), ("Server", "proxy")],
      body: Array(
        "<html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>\n".utf8))
  }
}
