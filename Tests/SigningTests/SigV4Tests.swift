import Model
import Testing
import Text

@testable import Signing

@Suite struct SigV4Tests {
  private static let keys = AccessKeys(
    id: "AKIDEXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
  private static let organizations = [
    (name: "Content-Type", value: "application/x-amz-json-1.1"),
    (name: "X-Amz-Target", value: "AWSOrganizationsV20161128.ListHandshakesForAccount"),
    (name: "User-Agent", value: "handshake/1"),
    (name: "amz-sdk-request", value: "attempt=1; max=3"),
  ]

  struct Example: Sendable, CustomTestStringConvertible {
    var url: String
    var headers: [(name: String, value: String)]
    var body: String
    var token: String?
    var time: String
    var region = "us-east-1"
    var service: String
    var signed: String
    var signature: String

    var testDescription: String { url }
  }

  /// Signatures by botocore 1.43.11.
  static let examples = [
    Example(
      url: "https://organizations.us-east-1.amazonaws.com/", headers: organizations,
      body: #"{"MaxResults":20}"#, token: "a/token==", time: "20261122T143210Z",
      service: "organizations",
      signed:
        "amz-sdk-request;content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
      signature: "d1b1e12a4e88c3dd9662787c619ff5e4fb65165451e12f4dbc75cee6243a9030"),
    Example(
      url: "http://127.0.0.1:8443/a%20b/?x=1&a=%2F", headers: organizations, body: "{}",
      time: "20261122T143210Z", region: "eu-west-1", service: "organizations",
      signed: "amz-sdk-request;content-type;host;x-amz-date;x-amz-target",
      signature: "86423b3bbe3c9f9387019da5f57b6bc43a3ed2f769120b0d0480e9c9044eafd5"),
    Example(
      url: "https://sts.amazonaws.com:443",
      headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
      body: "Action=GetCallerIdentity&Version=2011-06-15", time: "20261231T235959Z",
      service: "sts", signed: "content-type;host;x-amz-date",
      signature: "1c32d8aa627e3286cb8362c5ffadcecea199158eb679904d36489c11feb79a0a"),
    Example(
      url: "http://[::1]:80/", headers: [("X-Amz-Target", "  a   b ")], body: "{}",
      time: "20270101T000000Z", service: "sts", signed: "host;x-amz-date;x-amz-target",
      signature: "e535b175fad60dd406b9cc1c0845853dd5425b9f5502d5131b9753edec5f059f"),
  ]

  @Test("requests are signed as botocore signs them", arguments: examples)
  func botocore(_ example: Example) throws {
    let time = try #require(SigningTime(example.time))
    var keys = Self.keys
    keys.sessionToken = example.token.map { Secret($0) }
    let request = try #require(
      SignableRequest(
        "POST", url: example.url, headers: example.headers, body: Array(example.body.utf8)))
    let signed = SigV4.sign(
      request, keys: keys, region: example.region, service: example.service, at: time.instant)
    let scope = "\(example.time.prefix(8))/\(example.region)/\(example.service)/aws4_request"
    #expect(
      signed.request.header("authorization")
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\(scope), "
        + "SignedHeaders=\(example.signed), Signature=\(example.signature)")
    #expect(signed.request.header("x-amz-date") == example.time)
    #expect(signed.request.header("x-amz-security-token") == example.token)
    let claim = try SigV4.verify(signed.request, service: example.service, now: time.instant) {
      _ in keys
    }
    #expect(claim.keyID == Untrusted("AKIDEXAMPLE"))
  }

  @Test("two instants never give the same signature")
  func everyAttemptAnew() {
    let request = SignableRequest("POST", headers: [("Host", "h")])
    let first = Timestamp(milliseconds: 1_795_357_930_000)
    func signature(_ now: Timestamp) -> String {
      SigV4.sign(request, keys: Self.keys, region: "r", service: "s", at: now).signature
    }
    #expect(signature(first) != signature(first + .seconds(1)))
    #expect(signature(first) == signature(first + Span(milliseconds: 999)))
  }

  @Test(
    "the host of a URL is signed as it is sent",
    arguments: [
      ("https://a.example/", "a.example", "/"),
      ("https://a.example:443/x?y#z", "a.example", "/x?y"),
      ("HTTPS://a.example:443", "a.example", "/"),
      ("https://a.example:80/", "a.example:80", "/"),
      ("http://127.0.0.1:80?a=b", "127.0.0.1", "/?a=b"),
      ("http://127.0.0.1:8080", "127.0.0.1:8080", "/"),
      ("http://[fd00:ec2::254]:80/a", "[fd00:ec2::254]", "/a"),
      ("http://[::1]:81/a#?b", "[::1]:81", "/a"),
    ])
  func hosts(url: String, host: String, target: String) throws {
    let request = try #require(SignableRequest("GET", url: url))
    #expect(request.header("host") == host)
    #expect(request.target == target)
  }

  @Test(
    "only a plain absolute URL makes a request",
    arguments: ["", "a.example", "https:/a", "https:///x", "https://user:word@a.example/", "://"])
  func noURL(url: String) {
    #expect(SignableRequest("GET", url: url) == nil)
  }

  @Test("an explicit Host header stays the only one")
  func givenHost() throws {
    let request = try #require(
      SignableRequest("GET", url: "https://a.example/", headers: [("hOST", "b.example")]))
    #expect(request.headers.map(\.value) == ["b.example"])
  }

  @Test(
    "times in another format than the header's are refused",
    arguments: [
      "", "20261122T143210", "2026-11-22T14:32Z", "20261122t143210Z", "20261322T143210Z",
      "20260229T000000Z", "20261122T246000Z", "20261122T14321éZ", "+0261122T143210Z",
    ])
  func times(text: String) { #expect(SigningTime(text) == nil) }

  @Test("a time is read back to the second")
  func timeRoundTrip() {
    let time = SigningTime(Timestamp(milliseconds: 1_795_357_930_987))
    #expect(time.text == "20261122T143210Z")
    #expect(SigningTime(time.text) == time)
    #expect(time.instant == Timestamp(milliseconds: 1_795_357_930_000))
  }

  @Test("descriptions and dumps contain no secret")
  func unseen() throws {
    var keys = Self.keys
    keys.sessionToken = Secret("tokentext")
    let signed = SigV4.sign(
      SignableRequest("POST", headers: [("Host", "h")], body: Array("bodytext".utf8)), keys: keys,
      region: "r", service: "s", at: Timestamp(milliseconds: 0))
    let claim = try SignatureClaim(signed.request)
    let key = SigningKey(keys.secret, scope: claim.scope)
    let values: [Any] = [
      keys, signed, signed.request, signed.canonicalRequest, claim, key, [signed], ["a": key],
    ]
    var text = ""
    for value in values {
      dump(value, to: &text)
      text += "\(value) \(String(reflecting: value))"
    }
    #expect(!text.contains("wJalr") && !text.contains("tokentext"))
    #expect(!text.contains(Array("tokentext".utf8).description))
    #expect(!text.contains(signed.signature))
    #expect(text.contains("‹CanonicalRequest›"))
  }
}
