/// Who the embedded organization's principal is called: the operator's login name, as far as a role
/// session's name can hold it.
enum SessionName {
  static func of(environment: [String: String]) -> String {
    let name = [environment["SUDO_USER"], environment["USER"], environment["LOGNAME"]]
      .compactMap(\.self).first { !$0.isEmpty }
    let allowed = (name ?? "").utf8.filter { byte in
      let isLetter = (0x41...0x5A).contains(byte & 0xDF)
      return isLetter || (0x30...0x39).contains(byte) || "+=,.@-_".utf8.contains(byte)
    }
    let text = String(decoding: allowed.prefix(64), as: UTF8.self)
    return text.utf8.count < 2 ? "operator" : text
  }
}
