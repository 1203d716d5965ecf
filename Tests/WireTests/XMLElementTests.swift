import TestSupport
import Testing
import Text
import Wire

@Suite struct XMLElementTests {
  @Test("reads elements, text and entities, and ignores attributes")
  func reading() throws {
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <a:Reply xmlns:a="https://x/" b='<'>
      </a:Reply>
      """
    #expect(throws: XMLElement.Fault.self) { try XMLElement.read(Array(text.utf8)) }
    let good = text.replacing("'<'", with: "'>'")
      .replacing(
        ">\n</", with: "><One>1 &lt;&amp;&gt; &quot;&apos;&#65;&#x1F600;</One><Two/>\n</")
    let root = try XMLElement.read(Array(good.utf8))
    #expect(root.name == Untrusted("Reply"))
    #expect(root["One"]?.text == Untrusted("1 <&> \"'A😀"))
    #expect(root["Two"]?.text == Untrusted(""))
    #expect(root["Three"] == nil)
  }

  @Test(
    "refuses an incomplete document, or one that is not a reply",
    arguments: [
      "", "a", "<a", "<a>", "<a></b>", "<a></a><b/>", "<a>&x;</a>", "<a>&#0;</a>",
      "<a>&#xD800;</a>",
      "<a>&#+65;</a>", "<a>& </a>", "<a b></a>", "<a b=c></a>", "<1/>", "<a><!-- x --></a>",
      "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a><![CDATA[x]]></a>", "<a><?x y?></a>",
      "<a>text<b/></a>", "<a/>x", "{}", "<?xml version='1.0'",
    ])
  func refusals(text: String) {
    #expect(throws: XMLElement.Fault.self) { try XMLElement.read(Array(text.utf8)) }
  }

  @Test("is limited to the depth and length of replies")
  func limits() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        (String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)).utf8)
    }
    #expect(throws: Never.self) { try XMLElement.read(nested(16)) }
    #expect(throws: XMLElement.Fault.self) { try XMLElement.read(nested(17)) }
    #expect(throws: XMLElement.Fault.self) { try XMLElement.read(nested(100_000)) }
    let long = Array(("<a>" + String(repeating: "x", count: 1 << 20) + "</a>").utf8)
    #expect(throws: XMLElement.Fault.self) { try XMLElement.read(long) }
  }

  @Test("survives any change to a byte")
  func fuzz() {
    let text = Array("<a b=\"c\"><d>&#65;&lt;</d><e/></a>".utf8)
    var random = SeededRandom(seed: 7)
    var read = 0
    for _ in 0..<20_000 {
      var changed = text
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: changed.indices, using: &random)
        changed[place] = UInt8.random(in: 0...255, using: &random)
      }
      if (try? XMLElement.read(changed)) != nil { read += 1 }
    }
    #expect(read > 0 && read < 20_000)
  }

  @Test("shows no text of a reply in its description or reflection")
  func secrets() throws {
    let root = try XMLElement.read(Array("<a><b>hidden</b></a>".utf8))
    var shown = "\(root)" + String(reflecting: root)
    dump(root, to: &shown)
    dump(QueryReply.result(root, requestID: nil), to: &shown)
    var request = QueryRequest(sts: "AssumeRole")
    request.add("TokenCode", "hidden")
    dump(request, to: &shown)
    #expect(!shown.contains("hidden"))
  }
}

@Suite struct QueryTests {
  @Test("writes a form with every reserved character encoded")
  func form() {
    var request = QueryRequest(sts: "AssumeRole")
    request.add("RoleArn", "arn:aws:iam::1:role/a b+c")
    request.add("ExternalId", nil)
    request.add("X", "-._~é")
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b%2Bc"
        + "&X=-._~%C3%A9")
  }

  @Test("distinguishes a result, an error and a foreign document")
  func replies() {
    let result =
      "<AResponse><AResult><X>1</X></AResult><ResponseMetadata><RequestId>r</RequestId>"
      + "</ResponseMetadata></AResponse>"
    let error =
      "<ErrorResponse><Error><Code>C</Code><Message>M</Message></Error>"
      + "<RequestId>r</RequestId></ErrorResponse>"
    guard case .result(let found, let id) = reply(200, result) else {
      Issue.record("a result")
      return
    }
    #expect(found["X"]?.text == Untrusted("1"))
    #expect(id == Untrusted("r"))
    #expect(
      reply(403, error)
        == .error(code: Untrusted("C"), message: Untrusted("M"), requestID: Untrusted("r")))
    #expect(
      reply(
        400,
        "<Response><Errors><Error><Code>C</Code></Error></Errors><RequestID>q</RequestID></Response>"
      )
        == .error(code: Untrusted("C"), message: Untrusted(""), requestID: Untrusted("q")))
    #expect(reply(200, error) == nil)
    #expect(reply(400, result) == nil)
    #expect(reply(200, "<BResponse><BResult/></BResponse>") == nil)
    #expect(reply(502, "<html>") == nil)
  }

  @Test(
    "a reply with a repeated element is refused",
    arguments: [
      (200, "<AResponse><AResult><X>1</X><X>2</X></AResult></AResponse>"),
      (200, "<AResponse><AResult><X>1</X></AResult><AResult><X>2</X></AResult></AResponse>"),
      (200, "<AResponse><AResult><Y><X>1</X><p:X>1</p:X></Y></AResult></AResponse>"),
      (403, "<ErrorResponse><Error><Code>C</Code><Code>D</Code></Error></ErrorResponse>"),
      (403, "<R><Error><Code>C</Code></Error><Error><Code>D</Code></Error></R>"),
    ])
  func twice(_ status: Int, _ body: String) {
    #expect(reply(status, body) == nil)
  }

  @Test("the members of a list are not a repeated element")
  func members() {
    let body =
      "<AResponse><AResult><L><member>1</member><member>2</member></L></AResult></AResponse>"
    #expect(reply(200, body) != nil)
  }

  private func reply(_ status: Int, _ body: String) -> QueryReply? {
    QueryReply(to: "A", status: status, body: Array(body.utf8))
  }
}
