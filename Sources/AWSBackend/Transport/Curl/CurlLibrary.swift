import CCurl
import Text

/// The loaded library.
struct CurlLibrary {
  /// For the functions of `CCurl`.
  let table: OpaquePointer
  /// The file of certificates that the library trusts by itself, where it has one.
  let ownCertificates: String?

  /// The oldest that tells when it begins to write a request.
  static let oldest: UInt32 = 0x07_50_00

  static func open(_ name: String) -> Result<CurlLibrary, HTTPFailure> {
    var reason = [CChar](repeating: 0, count: 512)
    guard let table = cc_open(name, &reason, reason.count) else {
      return .failure(unavailable("\(name) cannot be loaded", reason.prefix { $0 != 0 }))
    }
    guard cc_version(table) >= oldest else {
      return .failure(unavailable("\(name) is older than 7.80", []))
    }
    return .success(
      CurlLibrary(
        table: table, ownCertificates: cc_own_certificates(table).map { String(cString: $0) }))
  }

  private static func unavailable(_ what: String, _ reason: some Sequence<CChar>) -> HTTPFailure {
    let why = Array(reason).map { UInt8(bitPattern: $0) }
    return HTTPFailure(
      .unavailable, sent: false,
      detail: Untrusted(
        bytes: Array("\(what) (Debian's package is libcurl4)".utf8)
          + (why.isEmpty ? [] : Array(": ".utf8) + why)))
  }
}
