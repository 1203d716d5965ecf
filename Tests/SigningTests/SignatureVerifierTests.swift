import Model
import TestSupport
import Testing
import Text

@testable import Signing

@Suite struct SignatureVerifierTests {
  private static let now = ManualTime.mockup
  private static let keys = AccessKeys(id: "AKIDEXAMPLE", secret: Secret("a secret"))

  private func signed(
    at time: Timestamp = now, keys: AccessKeys = keys, region: String = "us-east-1",
    service: String = "organizations"
  ) -> SignableRequest {
    let request = SignableRequest(
      "POST", headers: [("Host", "127.0.0.1:4000"), ("X-Amz-Target", "T.Op")],
      body: Array("{}".utf8))
    return SigV4.sign(request, keys: keys, region: region, service: service, at: time).request
  }

  private func fault(
    of request: SignableRequest, now: Timestamp = now, known: AccessKeys = keys
  ) -> SignatureFault? {
    do throws(SignatureFault) {
      try SigV4.verify(
        request, service: "organizations", regions: ["us-east-1"], now: now
      ) { id in id == Untrusted(known.id) ? known : nil }
      return nil
    } catch {
      return error
    }
  }

  private func replacing(_ old: String, with new: String) -> SignableRequest {
    var request = signed()
    request.headers = request.headers.map { header in
      guard header.name == "Authorization" else { return header }
      let parts = header.value.split(separator: old, omittingEmptySubsequences: false)
      return (name: header.name, value: parts.joined(separator: new))
    }
    return request
  }

  private func without(_ name: String) -> SignableRequest {
    var request = signed()
    request.headers.removeAll { $0.name == name }
    return request
  }

  @Test("a request signed with a known key is accepted")
  func believed() { #expect(fault(of: signed()) == nil) }

  @Test("each missing or unreadable part is named")
  func incomplete() {
    #expect(fault(of: without("Authorization")) == .absent)
    #expect(fault(of: replacing("AWS4-HMAC-SHA256", with: "Bearer")) == .otherAlgorithm)
    #expect(fault(of: replacing("AWS4-HMAC-SHA256", with: "AWS4-HMAC-SHA2567")) == .otherAlgorithm)
    #expect(fault(of: without("X-Amz-Date")) == .incomplete([.date]))
    #expect(fault(of: replacing("Signature=", with: "Signature=0")) == .incomplete([.signature]))
    #expect(fault(of: replacing("Signature=", with: "Other=")) == .incomplete([.signature]))
    #expect(fault(of: replacing("/aws4_request", with: "")) == .incomplete([.credential]))
    #expect(
      fault(of: replacing("SignedHeaders=", with: "SignedHeaders=x;"))
        == .incomplete([.signedHeaders]))
    let all = Set(SignatureFault.Part.allCases).subtracting([.date])
    #expect(fault(of: replacing("=", with: " ")) == .incomplete(all))
    #expect(fault(of: replacing("Signature=", with: "Signature=, Signature=")) == .incomplete(all))
  }

  @Test("headers that are listed must have been sent, and Host must be listed")
  func headers() {
    #expect(fault(of: without("X-Amz-Target")) == .headerNotSent(Untrusted("x-amz-target")))
    #expect(fault(of: replacing("host;", with: "")) == .hostUnsigned)
  }

  @Test("a request is valid for 15 minutes either way")
  func time() {
    let request = SigningTime(Self.now)
    #expect(fault(of: signed(), now: Self.now + .minutes(15)) == nil)
    #expect(fault(of: signed(), now: Self.now - .minutes(15)) == nil)
    let late = Self.now + .minutes(15) + Span(milliseconds: 1)
    #expect(fault(of: signed(), now: late) == .expired(request: request))
    let early = Self.now - .minutes(15) - Span(milliseconds: 1)
    #expect(fault(of: signed(), now: early) == .notYetCurrent(request: request))
    #expect(
      fault(of: replacing("/20261122/", with: "/20261121/"))
        == .otherDay(scope: Untrusted("20261121"), request: request))
  }

  @Test("midnight between signing and arrival makes no difference")
  func midnight() throws {
    let last = try #require(SigningTime("20261231T235959Z")).instant
    #expect(fault(of: signed(at: last), now: last + .seconds(2)) == nil)
  }

  @Test("another service's or region's signature is refused by name")
  func scope() {
    #expect(fault(of: signed(service: "sts")) == .otherService(Untrusted("sts")))
    #expect(fault(of: signed(region: "eu-west-1")) == .otherRegion(Untrusted("eu-west-1")))
  }

  @Test("an unknown key, another secret and another token are refused")
  func keys() {
    let other = AccessKeys(id: "AKIDOTHER", secret: Secret("a secret"))
    #expect(fault(of: signed(keys: other)) == .unknownKey(Untrusted("AKIDOTHER")))
    let wrong = AccessKeys(id: "AKIDEXAMPLE", secret: Secret("another"))
    #expect(fault(of: signed(keys: wrong)) == .mismatch)
    var temporary = Self.keys
    temporary.sessionToken = Secret("token")
    #expect(fault(of: signed(keys: temporary)) == .token)
    #expect(fault(of: signed(), known: temporary) == .token)
    #expect(fault(of: signed(keys: temporary), known: temporary) == nil)
    var next = temporary
    next.sessionToken = Secret("tokem")
    #expect(fault(of: signed(keys: temporary), known: next) == .token)
  }

  @Test("garbage in the header is refused")
  func garbage() {
    var random = SeededRandom(seed: 11)
    let alphabet = Array("AWS4-HMAC-SHA256 Credential=/,;Signature=SignedHeaders=é\u{0}".utf8)
    for _ in 0..<2_000 {
      let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      var request = without("Authorization")
      let prefix = Bool.random(using: &random) ? "AWS4-HMAC-SHA256 " : ""
      request.headers.append(("authorization", prefix + String(decoding: bytes, as: UTF8.self)))
      #expect(fault(of: request) != nil)
    }
  }
}
