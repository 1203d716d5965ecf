/// A reply before it is encoded; the connection adds `Content-Length` and `Connection`.
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

  /// Returns the encoded status line and header fields with the empty line that ends them.
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

/// A way to send a reply: unchanged, or changed as a network or a proxy would.
enum Delivery: Hashable, Sendable {
  case whole(ServerReply)
  /// The head announces the whole body, but the connection ends after this many bytes of it.
  case cut(ServerReply, bytes: Int)
  /// The reply is sent a few bytes at a time, with a pause before each.
  case trickled(ServerReply, bytes: Int, every: Duration)
  /// The connection is closed without a byte.
  case nothing
  /// The connection is reset without a byte.
  case reset
}
