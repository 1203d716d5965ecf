/// A request that is answered by its form alone; the connection ends with it.
struct HTTPRefusal: Error, Hashable {
  var status: Int
  var reason: String

  static func malformed(_ reason: String) -> HTTPRefusal {
    HTTPRefusal(status: 400, reason: reason)
  }

  static let late = HTTPRefusal(status: 408, reason: "the request took too long to arrive")
  static let noLength = HTTPRefusal(status: 411, reason: "a body needs a Content-Length")
  static let longBody = HTTPRefusal(status: 413, reason: "the body is too long")
  static let longTarget = HTTPRefusal(status: 414, reason: "the request line is too long")
  static let largeHead = HTTPRefusal(status: 431, reason: "the header fields are too large")
  static let full = HTTPRefusal(status: 503, reason: "too many connections")
  static let version = HTTPRefusal(
    status: 505, reason: "only HTTP/1.0 and HTTP/1.1 are supported")

  var reply: ServerReply {
    ServerReply(
      status: status, fields: [("Content-Type", "text/plain; charset=utf-8")],
      body: Array((reason + "\n").utf8))
  }
}
