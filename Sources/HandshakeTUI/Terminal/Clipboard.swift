/// OSC 52: the terminal puts what it is sent into the clipboard of the machine where the operator
/// sits, also over ssh.
enum Clipboard {
  /// What terminals accept everywhere.
  static let limit = 8_192

  /// The sequence for this text; nil when it is too long.
  static func sequence(_ text: String) -> String? {
    let encoded = base64(Array(text.utf8))
    guard text.utf8.count <= limit else { return nil }
    return "\u{1B}]52;c;\(encoded)\u{07}"
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0..<4 {
        let digit = alphabet[bits >> (18 - 6 * index) & 63]
        out.append(index <= group.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
