import Model
import Text

extension SigV4 {
  /// Signs by the query: a URL that is good for `lifetime` without further headers. Everything but
  /// the added parameters goes over the wire as given.
  public static func presign(
    _ request: SignableRequest, keys: AccessKeys, region: String, service: String,
    at now: Timestamp, lifetime: Span, options: Options = Options()
  ) -> Signed {
    let time = SigningTime(now)
    let scope = SigningScope(day: time.day, region: region, service: service)
    let names = SignedHeaders(of: request)
    var request = request
    request.addQuery("X-Amz-Algorithm", algorithm)
    request.addQuery("X-Amz-Credential", "\(keys.id)/\(scope.text)")
    request.addQuery("X-Amz-Date", time.text)
    request.addQuery("X-Amz-SignedHeaders", names.text)
    request.addQuery("X-Amz-Expires", String(lifetime.milliseconds / 1_000))
    let token = keys.sessionToken?.revealedText
    if let token, !options.leavesTokenUnsigned { request.addQuery("X-Amz-Security-Token", token) }
    let canonical = CanonicalRequest(
      request, signing: names, normalisesPath: options.normalisesPath)
    let stringToSign = stringToSign(canonical, time: time, scope: scope)
    let signature = SigningKey(keys.secret, scope: scope).signature(of: stringToSign)
    if let token, options.leavesTokenUnsigned { request.addQuery("X-Amz-Security-Token", token) }
    request.addQuery("X-Amz-Signature", signature)
    return Signed(
      request: request, canonicalRequest: canonical, stringToSign: stringToSign,
      signature: signature)
  }
}

extension SignableRequest {
  fileprivate mutating func addQuery(_ name: String, _ value: String) {
    let pair = "\(name)=\(String(decoding: PercentEncoding.encode(value.utf8), as: UTF8.self))"
    query = query.isEmpty ? pair : "\(query)&\(pair)"
  }
}
