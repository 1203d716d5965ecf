/// A reply before it is bytes. `Content-Length` and `Connection` are the connection's part.
struct ServerReply: Hashable, Sendable {
  var status: Int
  var fields: [(name: String, value: String)]
  var body: [UInt8]

  init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8]) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  static func == (left: Self, right: Self) -> Bool {
    left.status == right.status && left.body == right.body
      && left.fields.elementsEqual(right.fields, by: ==)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(status)
    hasher.combine(body)
  }

  /// Status line and header fields, with the empty line that ends them.
  func head(keepsAlive: Bool) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(Self.phrase(status))\r\n"
    for field in fields { text += "\(field.name): \(field.value)\r\n" }
    text += "Content-Length: \(body.count)\r\n"
    text += keepsAlive ? "\r\n" : "Connection: close\r\n\r\n"
    return Array(text.utf8)
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 421: "Misdirected Request"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: "Unknown"
    }
  }
}

/// How a reply goes out: as it should, or as a network or a proxy would spoil it.
enum Delivery: Hashable, Sendable {
  case whole(ServerReply)
  /// The head promises all of the body; only so many bytes of it come before the end.
  case cut(ServerReply, bytes: Int)
  /// A few bytes at a time, with a pause before each.
  case trickled(ServerReply, bytes: Int, every: Duration)
  /// The connection ends without a byte.
  case nothing
  /// The connection is reset without a byte.
  case reset
}
