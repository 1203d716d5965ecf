import Testing

@testable import Sandbox

@Suite("The head of a request")
struct HTTPHeadTests {
  private func status(_ text: String, _ limits: HTTPLimits = HTTPLimits()) -> Int? {
    var buffer = ReceiveBuffer()
    buffer.append(Array(text.utf8))
    do throws(HTTPRefusal) {
      return try buffer.takeHead(limits) == nil ? nil : 200
    } catch { return error.status }
  }

  private static let taken: [String] = [
    "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\nHost: a\n\n",
    "\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
  ]

  private static let unfinished: [String] = [
    "POST / HTTP/1.1\r\nHost: a\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\n\r",
    "",
  ]

  private static let refused: [Int: [String]] = [
    400: [
      "POST / HTTP/1.1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "POST  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST /\r\nHost: a\r\n\r\n",
      "POST / FTP/1.1\r\nHost: a\r\n\r\n",
      "\u{16}\u{03}\u{01}",
      "POST / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
      "POST / HTTP/1.1\r\nHost : a\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nX: \u{1}\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
    ],
    505: [
      "POST / HTTP/2.0\r\nHost: a\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\n",
    ],
    413: [
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n",
    ],
    411: [
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    ],
  ]

  @Test("is accepted when it is valid", arguments: taken)
  func taking(_ text: String) { #expect(status(text) == 200) }

  @Test("is incomplete while more may arrive", arguments: unfinished)
  func waiting(_ text: String) { #expect(status(text) == nil) }

  @Test("is refused when it is invalid", arguments: refused)
  func refusing(_ status: Int, _ texts: [String]) {
    for text in texts { #expect(self.status(text) == status, "\(text)") }
  }

  @Test("has limits for its line, its bytes and its fields, tested at the limit and beyond")
  func bounds() {
    var limits = HTTPLimits()
    limits.requestLine = 100
    limits.head = 400
    limits.fields = 5
    func line(_ length: Int) -> String {
      "GET /" + String(repeating: "a", count: length - 14) + " HTTP/1.1"
    }
    #expect(status(line(100) + "\r\nHost: a\r\n\r\n", limits) == 200)
    #expect(status(line(101) + "\r\nHost: a\r\n\r\n", limits) == 414)
    #expect(status(line(102), limits) == 414, "before the line has ended")
    func head(_ length: Int) -> String {
      let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
      return start + String(repeating: "a", count: length - start.utf8.count - 4) + "\r\n\r\n"
    }
    #expect(status(head(400), limits) == 200)
    #expect(status(head(401), limits) == 431)
    #expect(status(String(head(405).dropLast(2)), limits) == 431, "before the head has ended")
    let fields = (0..<4).map { "X\($0): a\r\n" }.joined()
    #expect(status("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n", limits) == 200)
    #expect(status("GET / HTTP/1.1\r\nHost: a\r\n\(fields)X: a\r\n\r\n", limits) == 431)
  }

  @Test("is parsed byte by byte as in one piece, and leaves what follows")
  func pieces() throws {
    let text = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET"
    var buffer = ReceiveBuffer()
    var head: HTTPHead?
    for byte in text.utf8 {
      buffer.append([byte])
      if head == nil { head = try buffer.takeHead(HTTPLimits()) }
    }
    #expect(head?.target == "/x")
    #expect(head?.bodyLength == 3)
    #expect(buffer.takeBody(3) == Array("abc".utf8))
    #expect(buffer.bytes == Array("GET".utf8))
  }

  @Test(
    "says whether the connection is kept open",
    arguments: [
      ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: Close\r\n", false),
      ("HTTP/1.1", "Connection: te , close\r\n", false), ("HTTP/1.0", "", false),
      ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
    ])
  func keepsAlive(_ version: String, _ field: String, _ expected: Bool) throws {
    var buffer = ReceiveBuffer()
    buffer.append(Array("GET / \(version)\r\nHost: a\r\n\(field)\r\n".utf8))
    #expect(try buffer.takeHead(HTTPLimits())?.keepsAlive == expected)
  }
}
