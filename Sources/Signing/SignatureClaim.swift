import Text

/// What the headers of a signed request say, before any of it is believed.
public struct SignatureClaim: Sendable {
  public let keyID: Untrusted
  public let scope: SigningScope
  public let headers: SignedHeaders
  public let time: SigningTime
  let signature: [UInt8]
  let token: [UInt8]?

  public init(_ request: SignableRequest) throws(SignatureFault) {
    guard let header = request.header("authorization") else { throw .absent }
    let bytes = Array(header.utf8)
    let algorithm = Array(SigV4.algorithm.utf8)
    guard bytes.starts(with: algorithm), bytes.dropFirst(algorithm.count).first ?? 0x20 == 0x20
    else { throw .otherAlgorithm }
    let fields = Self.fields(bytes.dropFirst(algorithm.count))
    let credential = fields["Credential"].flatMap { Self.credential($0) }
    let headers = fields["SignedHeaders"].flatMap { SignedHeaders(list: $0) }
    let signature = fields["Signature"].flatMap { Hexadecimal.bytes($0) }
    let time = request.header("x-amz-date").flatMap { SigningTime($0) }
    guard let credential, let headers, let signature, signature.count == 32, let time else {
      var absent: Set<SignatureFault.Part> = []
      if credential == nil { absent.insert(.credential) }
      if headers == nil { absent.insert(.signedHeaders) }
      if signature?.count != 32 { absent.insert(.signature) }
      if time == nil { absent.insert(.date) }
      throw .incomplete(absent)
    }
    keyID = credential.keyID
    scope = credential.scope
    self.headers = headers
    self.signature = signature
    self.time = time
    token = request.header("x-amz-security-token").map { Array($0.utf8) }
  }

  /// `Name=value` pairs, each once, separated by commas and spaces.
  private static func fields(_ text: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>] {
    var fields: [String: ArraySlice<UInt8>] = [:]
    for pair in text.split(whereSeparator: { ", \t".utf8.contains($0) }) {
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: pair[..<equals], as: UTF8.self)
      // A second one of a name would let two readers see two claims.
      guard fields.updateValue(pair[(equals + 1)...], forKey: name) == nil else { return [:] }
    }
    return fields
  }

  /// `AKID/20150830/us-east-1/sts/aws4_request`
  private static func credential(
    _ text: ArraySlice<UInt8>
  ) -> (keyID: Untrusted, scope: SigningScope)? {
    let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 5, parts.allSatisfy({ !$0.isEmpty }),
      parts[4].elementsEqual(SigningScope.terminator.utf8)
    else { return nil }
    let scope = parts[1...3].map { String(decoding: $0, as: UTF8.self) }
    return (
      Untrusted(bytes: parts[0]),
      SigningScope(day: scope[0], region: scope[1], service: scope[2])
    )
  }
}
