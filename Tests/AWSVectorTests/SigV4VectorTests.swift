import Signing
import TestSupport
import Testing
import Text

@Suite struct SigV4VectorTests {
  private func vectors() throws -> [SigV4Vector] {
    let names = try SigV4Vector.names()
    #expect(names.count == 38)
    return try names.map { try SigV4Vector.load($0) }
  }

  @Test("every case signs to the suite's canonical request, string, signature and request")
  func signing() throws {
    let vectors = try vectors()
    var passed = 0
    for vector in vectors {
      let signed = SigV4.sign(
        vector.request, keys: vector.keys, region: vector.region, service: vector.service,
        at: vector.now, options: vector.options)
      if try check(signed, of: vector) { passed += 1 }
    }
    try Tally.record(file: "sigv4/aws-c-auth/v4", cases: vectors.count, passed: passed)
  }

  /// Whether all header forms in the suite are equal to ours.
  private func check(_ signed: SigV4.Signed, of vector: SigV4Vector) throws -> Bool {
    func file(_ name: String) -> String { "header-\(name).txt" }
    let canonical = String(decoding: signed.canonicalRequest.bytes, as: UTF8.self)
    let request = try SigV4Vector.request(vector.name, file("signed-request"))
    let ours = [canonical, signed.stringToSign, signed.signature, spelling(signed.request)]
    let theirs = [
      try SigV4Vector.text(vector.name, file("canonical-request")),
      try SigV4Vector.text(vector.name, file("string-to-sign")),
      try SigV4Vector.text(vector.name, file("signature")), spelling(request),
    ]
    #expect(ours == theirs, "\(vector.name)")
    return ours == theirs
  }

  private func spelling(_ request: SignableRequest) -> String {
    let headers = request.headers.map { "\($0.name):\($0.value)\n" }.joined()
    return "\(request.method) \(request.target)\n\(headers)\n"
      + String(decoding: request.body, as: UTF8.self)
  }

  @Test("the verifier accepts every request that the suite signed by headers")
  func accepting() throws {
    for vector in try vectors() {
      let request = try SigV4Vector.request(vector.name, "header-signed-request.txt")
      #expect(refusal(of: request, in: vector) == nil, "\(vector.name)")
    }
  }

  @Test("the verifier refuses each of them with one bit flipped")
  func refusing() throws {
    var random = SeededRandom(seed: 4)
    var refused = 0
    for vector in try vectors() {
      let signed = try SigV4Vector.request(vector.name, "header-signed-request.txt")
      let names = try SignatureClaim(signed).headers
      func canonical(_ request: SignableRequest) -> [UInt8] {
        CanonicalRequest(request, signing: names, normalisesPath: vector.options.normalisesPath)
          .bytes
      }
      for (change, request) in changes(of: signed, using: &random) {
        // A normalised path has many spellings.
        if change == "path", canonical(request) == canonical(signed) { continue }
        #expect(refusal(of: request, in: vector) != nil, "\(vector.name): \(change)")
        refused += 1
      }
    }
    #expect(refused > 38 * 150)
  }

  private func refusal(
    of request: SignableRequest, in vector: SigV4Vector
  ) -> SignatureFault? {
    var verifier = SignatureVerifier(service: vector.service, regions: [vector.region])
    verifier.normalisesPath = vector.options.normalisesPath
    do throws(SignatureFault) {
      try verifier.verify(request, now: vector.now) { id in
        id == Untrusted(vector.keys.id) ? vector.keys : nil
      }
      return nil
    } catch {
      return error
    }
  }

  /// Returns the request with one bit flipped: in each byte of the Authorization header, and once
  /// in every other part.
  private func changes(
    of request: SignableRequest, using random: inout SeededRandom
  ) -> [(change: String, request: SignableRequest)] {
    var changes: [(change: String, request: SignableRequest)] = []
    func add(_ change: String, _ edit: (inout SignableRequest) -> Void) {
      var copy = request
      edit(&copy)
      changes.append((change, copy))
    }
    for index in request.headers.indices {
      let name = request.headers[index].name
      let value = request.headers[index].value
      let places =
        name == "Authorization"
        ? Array(0..<value.utf8.count) : [Int.random(in: 0..<value.utf8.count, using: &random)]
      for place in places {
        add("\(name) at \(place)") { $0.headers[index].value = turn(value, at: place) }
      }
      add("name of \(name)") { $0.headers[index].name = turn(name, at: 0) }
    }
    add("method") { $0.method = turn($0.method, at: 1) }
    for part in [\SignableRequest.path, \.query] where request[keyPath: part].utf8.count > 1 {
      let length = request[keyPath: part].utf8.count
      let place = Int.random(in: 1..<length, using: &random)
      add(part == \.path ? "path" : "query") {
        $0[keyPath: part] = turn($0[keyPath: part], at: place)
      }
    }
    add("body") { $0.body = $0.body.isEmpty ? [0x20] : $0.body.dropLast() + [0x21] }
    return changes
  }

  /// Bytes that are no longer UTF-8 differ as well, by their replacement.
  private func turn(_ text: String, at place: Int) -> String {
    var bytes = Array(text.utf8)
    bytes[place] ^= 1
    return String(decoding: bytes, as: UTF8.self)
  }
}
